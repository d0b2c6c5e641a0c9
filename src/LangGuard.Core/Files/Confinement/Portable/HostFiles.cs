#pragma warning disable RS0030 // The portable backend is one of the places that open by name; PathRoot checks every result.
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>The host's file system by name, for platforms without directory handles.</summary>
internal sealed class HostFiles : PathFiles
{
    private const int LinkLimit = 64;

    public override FileConfinement Grade => FileConfinement.VerifyAfterOpen;

    public override char Separator => Path.DirectorySeparatorChar;

    public static bool DirectoryExists(string path) => Directory.Exists(path);

    /// <summary>The identity behind an absolute host path; unknown where there is none.</summary>
    public static FileIdentity IdentityOf(string path) =>
        new HostFiles().Open(Canonical(path), string.Empty, FileAim.Facts, out ConfinedFile? file, out _) == FileStatus.Ok
            ? Use(file!)
            : default;

    /// <summary>The path without links in it. Parts that do not exist stay as they are.</summary>
    public static string Canonical(string path)
    {
        string full = Path.GetFullPath(path);
        string top = Path.GetPathRoot(full) ?? string.Empty;
        Stack<string> ahead = new();
        Push(ahead, full[top.Length..]);
        string done = top;
        int links = 0;
        while (ahead.TryPop(out string? part))
        {
            if (part == "..")
            {
                done = Path.GetDirectoryName(done) ?? top;
                continue;
            }

            string next = Path.Combine(done, part);
            if (LinkText(next) is not { } target || ++links > LinkLimit)
            {
                done = next;
                continue;
            }

            if (Path.IsPathRooted(target))
            {
                done = Path.GetPathRoot(target) ?? top;
                target = target[done.Length..];
            }

            Push(ahead, target);
        }

        return done;
    }

    public override string? ReadLink(string path) => LinkText(path);

    public override FileStatus Stat(string path, out FileFacts facts)
    {
        facts = default;
        if (LinuxNumbers.AreKnown)
        {
            return LinuxByName.Stat(path, out facts);
        }

        FileFacts found = default;
        FileStatus status = Try(() => found = Describe(path));
        facts = found;
        return status == FileStatus.Ok && found.Kind == FileKind.Missing ? FileStatus.NotFound : status;
    }

    public override FileStatus Open(string path, string name, FileAim aim, out ConfinedFile? file, out string? truePath)
    {
        if (LinuxNumbers.AreKnown)
        {
            return LinuxByName.Open(path, name, aim, null, out file, out truePath);
        }

        return OpenHandle(path, name, aim, FileMode.Open, null, out file, out truePath);
    }

    public override FileStatus CreateFile(
        string path, string name, FileAim aim, UnixFileMode mode, out ConfinedFile? file, out string? truePath)
    {
        if (LinuxNumbers.AreKnown)
        {
            return LinuxByName.Open(path, name, aim, mode, out file, out truePath);
        }

        return OpenHandle(path, name, aim, FileMode.CreateNew, mode, out file, out truePath);
    }

    public override FileStatus CreateDirectory(string path, UnixFileMode mode) => Try(() =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, mode);
        }
    });

    public override FileStatus RemoveFile(string path) => Try(() =>
    {
        // On Windows a link to a directory is removed as a directory.
        if (OperatingSystem.IsWindows() && Directory.Exists(path))
        {
            Directory.Delete(path);
        }
        else
        {
            File.Delete(path);
        }
    });

    public override FileStatus RemoveDirectory(string path) => Try(() => Directory.Delete(path));

    public override FileStatus Rename(string path, string target, RenameMode mode)
    {
        if (mode == RenameMode.Exchange)
        {
            return FileStatus.NotSupported;
        }

        FileStatus status = Stat(path, out FileFacts facts);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        if (mode == RenameMode.KeepTarget && Stat(target, out _) == FileStatus.Ok)
        {
            return FileStatus.Exists;
        }

        // The platform moves a link to a directory as a directory, and nothing moves but the link.
        return facts.Kind == FileKind.Directory || (facts.Kind == FileKind.Link && Directory.Exists(path))
            ? Try(() => Directory.Move(path, target))
            : Try(() => File.Move(path, target, mode == RenameMode.ReplaceTarget));
    }

    public override FileStatus CreateLink(string path, string target, bool isDirectory) => Try(() =>
    {
        if (isDirectory)
        {
            Directory.CreateSymbolicLink(path, target);
        }
        else
        {
            File.CreateSymbolicLink(path, target);
        }
    });

    public override FileStatus ReadEntries(string path, List<DirectoryEntry> entries, int limit) => Try(() =>
    {
        EnumerationOptions all = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };
        foreach (FileSystemInfo entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", all))
        {
            if (entries.Count >= limit)
            {
                return;
            }

            bool isLink = (entry.Attributes & FileAttributes.ReparsePoint) != 0;
            FileKind kind = isLink ? FileKind.Link : entry is DirectoryInfo ? FileKind.Directory : FileKind.Missing;
            entries.Add(new DirectoryEntry(entry.Name, kind));
        }
    });

    private static FileIdentity Use(ConfinedFile file)
    {
        using (file)
        {
            return file.Facts.Identity;
        }
    }

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (string part in path.Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (part != ".")
            {
                ahead.Push(part);
            }
        }
    }

    private static string? LinkText(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileFacts Describe(string path)
    {
        FileInfo info = new(path);
        FileAttributes attributes = info.Attributes;
        if ((int)attributes == -1)
        {
            return default;
        }

        bool isLink = (attributes & FileAttributes.ReparsePoint) != 0;
        bool isDirectory = (attributes & FileAttributes.Directory) != 0;
        return new FileFacts
        {
            // A reparse point that is no link (a junction, a cloud file) is nothing that this backend understands.
            Kind = isLink ? info.LinkTarget is null ? FileKind.Special : FileKind.Link
                : isDirectory ? FileKind.Directory : FileKind.File,
            Length = isDirectory || isLink ? 0 : info.Length,
            Links = 1,
            Attributes = attributes,
            Mode = OperatingSystem.IsWindows() ? default : info.UnixFileMode,
            LastWriteTicks = info.LastWriteTimeUtc.Ticks,
            LastAccessTicks = info.LastAccessTimeUtc.Ticks,
            ChangeTicks = info.CreationTimeUtc.Ticks,
        };
    }

    private static FileStatus OpenHandle(
        string path, string name, FileAim aim, FileMode mode, UnixFileMode? unixMode, out ConfinedFile? file, out string? truePath)
    {
        file = null;
        truePath = null;
        _ = unixMode;
        FileAccess access = (aim & FileAim.Write) == 0 ? FileAccess.Read
            : (aim & FileAim.Read) != 0 ? FileAccess.ReadWrite : FileAccess.Write;
        SafeFileHandle? handle = null;
        FileStatus status = Try(() => handle = PlatformHandles.Open(path, mode, access));
        if (status != FileStatus.Ok)
        {
            return status;
        }

        status = HandleFile.Adopt(handle!, name, out file);
        if (status == FileStatus.Ok)
        {
            truePath = PlatformHandles.TruePath(handle!);
            if (truePath is null)
            {
                // A platform that can not tell the true name can not confine: refuse rather than trust.
                file!.Dispose();
                file = null;
                return FileStatus.NotSupported;
            }
        }

        return status;
    }
}
