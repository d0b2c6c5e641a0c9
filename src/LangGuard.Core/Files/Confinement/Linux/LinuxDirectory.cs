using System.Runtime.CompilerServices;
using System.Text;

namespace LangGuard.Files;

/// <summary>A directory by its O_PATH handle. <paramref name="mount"/> is the only mount whose objects are used; 0 for any.</summary>
internal sealed unsafe class LinuxDirectory(int descriptor, string name, ulong mount) : ConfinedDirectory
{
    private const int LinkTextLimit = 4096;
    private const int EntryBuffer = 32 * 1024;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private int _descriptor = descriptor;

    public override string Name { get; } = name;

    public override FileIdentity Identity =>
        LinuxStat.OfDescriptor(_descriptor, out FileFacts facts) == FileStatus.Ok ? facts.Identity : default;

    private delegate int NameCall(int directory, byte* leaf);

    public override FileStatus Stat(string leaf, out FileFacts facts)
    {
        if (mount != 0)
        {
            return StatOnMount(leaf, out facts);
        }

        int capacity = Utf8Name.Capacity(leaf);
        byte* path = stackalloc byte[capacity];
        facts = default;
        return Utf8Name.TryWrite(leaf, path, capacity) ? LinuxStat.OfName(_descriptor, path, out facts) : FileStatus.Invalid;
    }

    public override FileStatus OpenFile(string leaf, FileAim aim, out ConfinedFile? file)
    {
        file = null;
        FileStatus status = OpenAt(_descriptor, leaf, LinuxFile.FlagsFor(aim) | LinuxCalls.NoFollow, 0, out int opened);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        if (!LinuxMounts.Allows(mount, opened))
        {
            _ = LinuxCalls.Close(opened);
            return FileStatus.OtherMount;
        }

        status = LinuxFile.Adopt(opened, leaf == "." ? Name : NameOf(leaf), aim == FileAim.Facts, out file);
        if (status == FileStatus.Ok && file!.Facts.Kind == FileKind.Link)
        {
            // Only a handle for facts can be a link's own.
            file.Dispose();
            file = null;
            return FileStatus.TooManyLinks;
        }

        return status;
    }

    public override FileStatus OpenDirectory(string leaf, out ConfinedDirectory? directory)
    {
        directory = null;
        FileStatus status = OpenHandle(_descriptor, leaf, out int opened);
        if (status == FileStatus.Ok && !LinuxMounts.Allows(mount, opened))
        {
            _ = LinuxCalls.Close(opened);
            return FileStatus.OtherMount;
        }

        if (status == FileStatus.Ok)
        {
            directory = new LinuxDirectory(opened, leaf == "." ? Name : NameOf(leaf), mount);
        }
        else if (status == FileStatus.NotDirectory && Stat(leaf, out FileFacts facts) == FileStatus.Ok
            && facts.Kind == FileKind.Link)
        {
            // O_PATH with O_DIRECTORY and O_NOFOLLOW says "not a directory" for a link.
            return FileStatus.TooManyLinks;
        }

        return status;
    }

    public override FileStatus CreateFile(string leaf, FileAim aim, UnixFileMode mode, out ConfinedFile? file)
    {
        file = null;
        int flags = LinuxFile.FlagsFor(aim) | LinuxCalls.NoFollow | LinuxCalls.Create | LinuxCalls.Exclusive;
        FileStatus status = OpenAt(_descriptor, leaf, flags, (uint)mode, out int opened);
        return status == FileStatus.Ok ? LinuxFile.Adopt(opened, NameOf(leaf), false, out file) : status;
    }

    public override FileStatus CreateDirectory(string leaf, UnixFileMode mode) =>
        Call(leaf, (directory, path) => LinuxCalls.MakeDirectoryAt(directory, path, (uint)mode));

    public override FileStatus RemoveFile(string leaf) =>
        Call(leaf, static (directory, path) => LinuxCalls.UnlinkAt(directory, path, 0));

    public override FileStatus RemoveDirectory(string leaf) =>
        Call(leaf, static (directory, path) => LinuxCalls.UnlinkAt(directory, path, LinuxCalls.AtRemoveDirectory));

    public override FileStatus Rename(string leaf, ConfinedDirectory target, string targetLeaf, RenameMode mode)
    {
        if (target is not LinuxDirectory other)
        {
            return FileStatus.CrossDevice;
        }

        int capacity = Utf8Name.Capacity(targetLeaf);
        byte* path = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(targetLeaf, path, capacity))
        {
            return FileStatus.Invalid;
        }

        nint targetPath = (nint)path;
        uint flags = mode switch
        {
            RenameMode.KeepTarget => LinuxCalls.RenameNoReplace,
            RenameMode.Exchange => LinuxCalls.RenameExchange,
            _ => 0,
        };
        return Call(leaf, (directory, source) =>
            LinuxCalls.RenameAt(directory, source, other._descriptor, (byte*)targetPath, flags));
    }

    public override FileStatus CreateLink(string leaf, string target)
    {
        int capacity = Utf8Name.Capacity(target);
        byte* text = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(target, text, capacity))
        {
            return FileStatus.Invalid;
        }

        nint targetText = (nint)text;
        return Call(leaf, (directory, path) => LinuxCalls.SymbolicLinkAt((byte*)targetText, directory, path));
    }

    public override FileStatus ReadLink(string leaf, out string target) => ReadLink(_descriptor, leaf, out target);

    [SkipLocalsInit]
    public override FileStatus ReadEntries(List<DirectoryEntry> entries, int limit)
    {
        FileStatus status = OpenAt(
            _descriptor, ".", LinuxCalls.ReadOnly | LinuxCalls.DirectoryOnly | LinuxCalls.CloseOnExec, 0, out int reader);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        try
        {
            byte* buffer = stackalloc byte[EntryBuffer];
            while (true)
            {
                int size = LinuxCalls.ReadDirectory(reader, buffer, EntryBuffer);
                if (size <= 0)
                {
                    return size == 0 ? FileStatus.Ok : LinuxErrors.Last();
                }

                if (!Parse(buffer, size, entries, limit))
                {
                    return FileStatus.Ok;
                }
            }
        }
        finally
        {
            _ = LinuxCalls.Close(reader);
        }
    }

    public override void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = LinuxCalls.Close(descriptor);
        }
    }

    /// <summary>Another handle of the same directory.</summary>
    public static int Duplicate(int directory) => OpenHandle(directory, ".", out int copy) == FileStatus.Ok ? copy : -1;

    public static FileStatus OpenHandle(int directory, string leaf, out int opened) => OpenAt(
        directory,
        leaf,
        LinuxCalls.PathOnly | LinuxCalls.DirectoryOnly | LinuxCalls.NoFollow | LinuxCalls.CloseOnExec,
        0,
        out opened);

    [SkipLocalsInit]
    public static FileStatus ReadLink(int directory, string leaf, out string target)
    {
        target = string.Empty;
        int capacity = Utf8Name.Capacity(leaf);
        byte* path = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(leaf, path, capacity))
        {
            return FileStatus.Invalid;
        }

        byte* text = stackalloc byte[LinkTextLimit];
        int length = LinuxCalls.ReadLinkAt(directory, path, text, LinkTextLimit);
        if (length < 0)
        {
            return LinuxErrors.Last();
        }

        try
        {
            target = length < LinkTextLimit ? Strict.GetString(text, length) : string.Empty;
            return target.Length > 0 ? FileStatus.Ok : FileStatus.NameTooLong;
        }
        catch (DecoderFallbackException)
        {
            return FileStatus.Invalid;
        }
    }

    // Opened, because facts by name are those of whatever is mounted there.
    private FileStatus StatOnMount(string leaf, out FileFacts facts)
    {
        facts = default;
        FileStatus status = OpenAt(_descriptor, leaf, LinuxCalls.PathOnly | LinuxCalls.NoFollow | LinuxCalls.CloseOnExec, 0, out int opened);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        status = LinuxMounts.Allows(mount, opened) ? LinuxStat.OfDescriptor(opened, out facts) : FileStatus.OtherMount;
        _ = LinuxCalls.Close(opened);
        return status;
    }

    private static FileStatus OpenAt(int directory, string leaf, int flags, uint mode, out int opened)
    {
        opened = -1;
        int capacity = Utf8Name.Capacity(leaf);
        byte* path = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(leaf, path, capacity))
        {
            return FileStatus.Invalid;
        }

        do
        {
            opened = LinuxCalls.OpenAt(directory, path, flags, mode);
        }
        while (opened < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == LinuxErrors.Interrupted);

        return opened >= 0 ? FileStatus.Ok : LinuxErrors.Last();
    }

    private static bool Parse(byte* buffer, int size, List<DirectoryEntry> entries, int limit)
    {
        for (int at = 0; at < size;)
        {
            byte* entry = buffer + at;
            int length = *(ushort*)(entry + 16);
            byte* text = entry + 19;
            ReadOnlySpan<byte> bytes = new(text, length - 19);
            ReadOnlySpan<byte> name = bytes[..bytes.IndexOf((byte)0)];
            if (!(name is [(byte)'.'] or [(byte)'.', (byte)'.']))
            {
                if (entries.Count >= limit)
                {
                    return false;
                }

                entries.Add(new DirectoryEntry(Encoding.UTF8.GetString(name), ToKind(entry[18])));
            }

            at += length;
        }

        return true;
    }

    private static FileKind ToKind(byte type) => type switch
    {
        0 => FileKind.Missing,
        4 => FileKind.Directory,
        8 => FileKind.File,
        10 => FileKind.Link,
        _ => FileKind.Special,
    };

    private FileStatus Call(string leaf, NameCall call)
    {
        // Invariant: one part only. The kernel would walk a longer name and follow links in it.
        if (leaf.Length == 0 || leaf is "." or ".." || leaf.Contains('/', StringComparison.Ordinal))
        {
            return FileStatus.Invalid;
        }

        int capacity = Utf8Name.Capacity(leaf);
        byte* path = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(leaf, path, capacity))
        {
            return FileStatus.Invalid;
        }

        return call(_descriptor, path) == 0 ? FileStatus.Ok : LinuxErrors.Last();
    }
}
