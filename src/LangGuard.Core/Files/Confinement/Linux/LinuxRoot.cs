using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>A root held by one directory handle: openat2 where the kernel has it, a walk by handles otherwise.</summary>
internal sealed unsafe class LinuxRoot : ConfinedRoot
{
    private const int AgainLimit = 128;
    private const int RaceLimit = 16;
    private static volatile bool _kernelRefuses;

    private readonly SafeFileHandle _handle;
    private readonly LinuxWalk _walk;
    private readonly bool _forceWalk;
    private readonly string _hostPath;
    private readonly ulong _mount;

    private LinuxRoot(SafeFileHandle handle, string hostPath, HostPath[] spellings, bool forceWalk, bool oneMount)
    {
        _handle = handle;
        _forceWalk = forceWalk;
        _hostPath = hostPath;
        Descriptor = (int)handle.DangerousGetHandle();
        _mount = oneMount ? LinuxMounts.Of(Descriptor) : 0;
        _walk = new LinuxWalk(Descriptor, spellings, _mount);
    }

    public override FileConfinement Grade =>
        _forceWalk || _kernelRefuses ? FileConfinement.HandleWalk : FileConfinement.KernelBeneath;

    private int Descriptor { get; }

    private bool UsesKernel => !_forceWalk && !_kernelRefuses;

    /// <summary>Opens a root. The spellings are the names by which absolute links may mean it. With <paramref name="oneMount"/>
    /// nothing is used that is mounted beneath it.</summary>
    public static FileStatus Create(string hostPath, HostPath[] spellings, bool forceWalk, out LinuxRoot? root, bool oneMount = false)
    {
        root = null;
        int capacity = Utf8Name.Capacity(hostPath);
        byte* path = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(hostPath, path, capacity))
        {
            return FileStatus.Invalid;
        }

        int flags = LinuxCalls.PathOnly | LinuxCalls.DirectoryOnly | LinuxCalls.CloseOnExec;
        int descriptor = LinuxCalls.OpenAt(LinuxCalls.AtCurrentDirectory, path, flags, 0);
        if (descriptor < 0)
        {
            return LinuxErrors.Last();
        }

        root = new LinuxRoot(new SafeFileHandle(descriptor, ownsHandle: true), hostPath, spellings, forceWalk, oneMount);
        root.Probe();
        return FileStatus.Ok;
    }

    [SkipLocalsInit]
    public override FileStatus Open(string name, FileAim aim, out ConfinedFile? file)
    {
        file = null;
        if (!IsPlain(name))
        {
            return FileStatus.Outside;
        }

        FileStatus status = OpenWithoutLinks(name, LinuxFile.FlagsFor(aim), out int descriptor);
        if (status == FileStatus.Ok)
        {
            return LinuxFile.Adopt(descriptor, name, aim == FileAim.Facts, out file);
        }

        return status == FileStatus.TooManyLinks ? OpenThroughLinks(name, aim, out file) : status;
    }

    /// <summary>Opens a regular file for reading and leaves the bare descriptor to the caller: the shortest way to its bytes.</summary>
    public FileStatus OpenBare(string name, out int descriptor, out FileFacts facts)
    {
        facts = default;
        descriptor = -1;
        if (!IsPlain(name))
        {
            return FileStatus.Outside;
        }

        FileStatus status = OpenWithoutLinks(name, LinuxFile.FlagsFor(FileAim.Read), out descriptor);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        status = LinuxStat.OfDescriptor(descriptor, out facts);
        if (status == FileStatus.Ok && facts.Kind == FileKind.Special)
        {
            status = FileStatus.Special;
        }

        if (status != FileStatus.Ok)
        {
            _ = LinuxCalls.Close(descriptor);
            descriptor = -1;
        }

        return status;
    }

    public override FileStatus OpenParent(
        string name, bool followLast, out ConfinedDirectory? parent, out string leaf, out string resolved)
    {
        if (!IsPlain(name))
        {
            (parent, leaf, resolved) = (null, string.Empty, name);
            return FileStatus.Outside;
        }

        int cut = name.LastIndexOf('/');
        if (!followLast && UsesKernel && name.Length > 0)
        {
            string directoryName = cut < 0 ? string.Empty : name[..cut];
            if (OpenDirectoryWithoutLinks(directoryName, out LinuxDirectory? directory) == FileStatus.Ok)
            {
                parent = directory;
                leaf = cut < 0 ? name : name[(cut + 1)..];
                resolved = name;
                return FileStatus.Ok;
            }
        }

        return _walk.ToParent(name, followLast, out parent, out leaf, out resolved);
    }

    public override FileStatus OpenDirectory(string name, out ConfinedDirectory? directory)
    {
        directory = null;
        if (!IsPlain(name))
        {
            return FileStatus.Outside;
        }

        FileStatus status = OpenDirectoryWithoutLinks(name, out LinuxDirectory? opened);
        directory = opened;
        return status is FileStatus.TooManyLinks or FileStatus.NotDirectory ? _walk.ToDirectory(name, out directory) : status;
    }

    [SkipLocalsInit]
    public override FileStatus Stat(string name, out FileFacts facts, out string resolved)
    {
        resolved = name;
        if (!IsPlain(name))
        {
            facts = default;
            return FileStatus.Outside;
        }

        if (_mount == 0 && !name.Contains('/', StringComparison.Ordinal))
        {
            // One part beneath the root's own handle: the call can not follow anything, so it needs no resolver.
            int capacity = Utf8Name.Capacity(name);
            byte* path = stackalloc byte[capacity];
            if (!Utf8Name.TryWrite(name, path, capacity))
            {
                facts = default;
                return FileStatus.Invalid;
            }

            FileStatus direct = name.Length == 0
                ? LinuxStat.OfDescriptor(Descriptor, out facts)
                : LinuxStat.OfName(Descriptor, path, out facts);
            if (direct != FileStatus.Ok || facts.Kind != FileKind.Link)
            {
                return direct;
            }
        }
        else
        {
            FileStatus status = OpenWithoutLinks(name, LinuxCalls.PathOnly | LinuxCalls.CloseOnExec, out int descriptor);
            if (status == FileStatus.Ok)
            {
                status = LinuxStat.OfDescriptor(descriptor, out facts);
                _ = LinuxCalls.Close(descriptor);
                return status;
            }

            if (status != FileStatus.TooManyLinks)
            {
                facts = default;
                return status;
            }
        }

        return _walk.Stat(name, out facts, out resolved);
    }

    public override string? HostPathOf(string name) =>
        name.Length == 0 ? _hostPath : string.Concat(_hostPath.TrimEnd('/'), "/", name);

    public override void Dispose() => _handle.Dispose();

    private FileStatus OpenThroughLinks(string name, FileAim aim, out ConfinedFile? file)
    {
        file = null;
        for (int attempt = 0; attempt < RaceLimit; attempt++)
        {
            FileStatus status = _walk.ToParent(name, true, out ConfinedDirectory? parent, out string leaf, out _);
            if (status != FileStatus.Ok)
            {
                return status;
            }

            using (parent)
            {
                status = parent!.OpenFile(leaf, aim, out file);
            }

            // The last part became a link after the walk looked at it: look again.
            if (status != FileStatus.TooManyLinks)
            {
                return status;
            }
        }

        return FileStatus.Unstable;
    }

    private FileStatus OpenDirectoryWithoutLinks(string name, out LinuxDirectory? directory)
    {
        int flags = LinuxCalls.PathOnly | LinuxCalls.DirectoryOnly | LinuxCalls.CloseOnExec;
        FileStatus status = OpenWithoutLinks(name, flags, out int descriptor);
        directory = status == FileStatus.Ok ? new LinuxDirectory(descriptor, name, _mount) : null;
        return status;
    }

    /// <summary>Opens a name that contains no link at all; success proves that the name is the resolved name.</summary>
    [SkipLocalsInit]
    private FileStatus OpenWithoutLinks(string name, int flags, out int descriptor)
    {
        descriptor = -1;
        if (!UsesKernel)
        {
            // The walk answers everything; this status sends the caller there.
            return FileStatus.TooManyLinks;
        }

        ReadOnlySpan<char> text = name.Length == 0 ? "." : name;
        int capacity = Utf8Name.Capacity(text);
        byte* path = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(text, path, capacity))
        {
            return FileStatus.Invalid;
        }

        ulong resolve = LinuxCalls.ResolveBeneath | LinuxCalls.ResolveNoMagicLinks | LinuxCalls.ResolveNoLinks
            | (_mount == 0 ? 0 : LinuxCalls.ResolveNoOtherMounts);
        for (int attempt = 0; attempt < AgainLimit; attempt++)
        {
            descriptor = LinuxCalls.OpenBeneath(Descriptor, path, (ulong)flags, 0, resolve);
            if (descriptor >= 0)
            {
                return FileStatus.Ok;
            }

            int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            switch (error)
            {
                case LinuxErrors.Interrupted or LinuxErrors.TryAgain:
                    continue;
                case LinuxErrors.NotImplemented:
                    _kernelRefuses = true;
                    return FileStatus.TooManyLinks;
                case LinuxErrors.NoPermission or LinuxErrors.CrossDevice:
                    // A seccomp filter answers EPERM, a rename during the final check or a mount EXDEV. The walk knows better.
                    return FileStatus.TooManyLinks;
                default:
                    return LinuxErrors.ToStatus(error);
            }
        }

        return FileStatus.TooManyLinks;
    }

    // A filter that answers EPERM for the root itself will answer so for every name.
    private void Probe()
    {
        if (_forceWalk || _kernelRefuses)
        {
            return;
        }

        byte* here = stackalloc byte[2] { (byte)'.', 0 };
        const ulong flags = LinuxCalls.PathOnly | LinuxCalls.CloseOnExec;
        int descriptor = LinuxCalls.OpenBeneath(Descriptor, here, flags, 0, LinuxCalls.ResolveBeneath);
        if (descriptor >= 0)
        {
            _ = LinuxCalls.Close(descriptor);
        }
        else
        {
            _kernelRefuses = true;
        }
    }
}
