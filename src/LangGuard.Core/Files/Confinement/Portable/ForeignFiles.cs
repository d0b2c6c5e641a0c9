using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>Another file system object, in memory or remote. It is trusted about its own names; confinement is lexical.</summary>
internal sealed class ForeignFiles(IFileSystem fileSystem) : PathFiles
{
    public override FileConfinement Grade => FileConfinement.Lexical;

    public override char Separator => fileSystem.Path.DirectorySeparatorChar;

    public override string? ReadLink(string path)
    {
        string? target = null;
        FileStatus status = Try(() => target = fileSystem.FileInfo.New(path).LinkTarget);
        return status == FileStatus.Ok ? target : null;
    }

    public override FileStatus Stat(string path, out FileFacts facts)
    {
        FileFacts found = default;
        FileStatus status = Try(() =>
        {
            IFileSystemInfo info = fileSystem.Directory.Exists(path)
                ? fileSystem.DirectoryInfo.New(path)
                : fileSystem.FileInfo.New(path);
            bool isLink = ReadLink(path) is not null;
            if (isLink || info.Exists)
            {
                found = Describe(info, isLink);
            }
        });
        facts = found;
        return status == FileStatus.Ok && found.Kind == FileKind.Missing ? FileStatus.NotFound : status;
    }

    public override FileStatus Open(string path, string name, FileAim aim, out ConfinedFile? file, out string? truePath) =>
        OpenStream(path, name, aim, FileMode.Open, out file, out truePath);

    public override FileStatus CreateFile(
        string path, string name, FileAim aim, UnixFileMode mode, out ConfinedFile? file, out string? truePath) =>
        OpenStream(path, name, aim, FileMode.CreateNew, out file, out truePath);

    public override FileStatus CreateDirectory(string path, UnixFileMode mode) =>
        Try(() => fileSystem.Directory.CreateDirectory(path));

    public override FileStatus RemoveFile(string path) => Try(() => fileSystem.File.Delete(path));

    public override FileStatus RemoveDirectory(string path) => Try(() => fileSystem.Directory.Delete(path));

    public override FileStatus Rename(string path, string target, RenameMode mode)
    {
        if (mode == RenameMode.Exchange)
        {
            return FileStatus.NotSupported;
        }

        if (mode == RenameMode.KeepTarget && Stat(target, out _) == FileStatus.Ok)
        {
            return FileStatus.Exists;
        }

        return fileSystem.Directory.Exists(path)
            ? Try(() => fileSystem.Directory.Move(path, target))
            : Try(() => fileSystem.File.Move(path, target, mode == RenameMode.ReplaceTarget));
    }

    public override FileStatus CreateLink(string path, string target, bool isDirectory) => Try(() =>
    {
        if (isDirectory)
        {
            fileSystem.Directory.CreateSymbolicLink(path, target);
        }
        else
        {
            fileSystem.File.CreateSymbolicLink(path, target);
        }
    });

    public override FileStatus ReadEntries(string path, List<DirectoryEntry> entries, int limit) => Try(() =>
    {
        foreach (string entry in fileSystem.Directory.EnumerateFileSystemEntries(path))
        {
            if (entries.Count >= limit)
            {
                return;
            }

            string name = fileSystem.Path.GetFileName(entry.TrimEnd(Separator));
            FileKind kind = ReadLink(entry) is not null ? FileKind.Link
                : fileSystem.Directory.Exists(entry) ? FileKind.Directory : FileKind.File;
            entries.Add(new DirectoryEntry(name, kind));
        }
    });

    private FileStatus OpenStream(
        string path, string name, FileAim aim, FileMode mode, out ConfinedFile? file, out string? truePath)
    {
        file = null;
        truePath = null;
        if (mode == FileMode.Open)
        {
            FileStatus status = Stat(path, out FileFacts facts);
            if (status != FileStatus.Ok)
            {
                return status;
            }

            if (facts.Kind == FileKind.Directory || aim == FileAim.Facts)
            {
                file = new ForeignFile(fileSystem, path, name, facts, null);
                return FileStatus.Ok;
            }
        }

        FileAccess access = (aim & FileAim.Write) == 0 ? FileAccess.Read
            : (aim & FileAim.Read) != 0 ? FileAccess.ReadWrite : FileAccess.Write;
        FileSystemStream? stream = null;
        FileStatus opened = Try(() => stream = fileSystem.FileStream.New(path, mode, access, FileShare.ReadWrite));
        if (opened != FileStatus.Ok)
        {
            return opened;
        }

        _ = Stat(path, out FileFacts now);
        file = new ForeignFile(fileSystem, path, name, now, stream);
        return FileStatus.Ok;
    }

    internal static FileFacts Describe(IFileSystemInfo info, bool isLink) => new()
    {
        Kind = isLink ? FileKind.Link : info is IDirectoryInfo ? FileKind.Directory : FileKind.File,
        Length = isLink || info is not IFileInfo file ? 0 : file.Length,
        Links = 1,
        Attributes = info.Attributes,
        LastWriteTicks = info.LastWriteTimeUtc.Ticks,
        LastAccessTicks = info.LastAccessTimeUtc.Ticks,
        ChangeTicks = info.CreationTimeUtc.Ticks,
    };
}
