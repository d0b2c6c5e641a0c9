using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Names as text: no file is touched, except for temporary ones.</summary>
internal sealed partial class FileActions
{
    private const string TemporaryFolder = ".tmp";

    public string FullPath(string path, string basePath)
    {
        RefuseText(path, nameof(path));
        RefuseText(basePath, nameof(basePath));
        return PathParser.IsAbsolute(basePath)
            ? Parser.ToFullPath(path, Parser.ToFullPath(basePath, "/"))
            : throw new ArgumentException("Basepath argument is not fully qualified.", nameof(basePath));
    }

    /// <summary>The root that a name is in, as the agent names it.</summary>
    public string RootOf(string path)
    {
        RefuseText(path, nameof(path));
        ParsedPath parsed = Parser.Parse(path, Current);
        return parsed.Root is { } root ? root.Display(string.Empty) : "/";
    }

    /// <summary>The directory above a full name; null above a root, because there is nothing.</summary>
    public string? ParentOfFull(string full)
    {
        string trimmed = full.TrimEnd('/');
        int cut = trimmed.LastIndexOf('/');
        bool isRoot = Parser.Parse(full.Length == 0 ? "/" : full, Current) is { Root: not null, Name.Length: 0 };
        return isRoot || cut <= 0 ? null : trimmed[..cut];
    }

    /// <summary>A name beneath a directory; one that would leave it is refused, as the platform does.</summary>
    public string SubPath(string directory, string path)
    {
        RefuseText(path, nameof(path));
        if (PathParser.IsAbsolute(path))
        {
            throw new ArgumentException("Second path fragment must not be a drive or UNC name.", nameof(path));
        }

        string full = Parser.ToFullPath(path, directory.TrimEnd('/'));
        return full.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal)
            ? full
            : throw new ArgumentException("The directory is not a subdirectory of the given one.", nameof(path));
    }

    public string TemporaryDirectory() => $"{TemporaryRoot()}/{TemporaryFolder}/";

    public string CreateTemporaryDirectory(string? prefix)
    {
        if (prefix is not null && (prefix.Contains('/', StringComparison.Ordinal) || prefix.Any(PathParser.IsSeparator)))
        {
            throw new ArgumentException("The prefix must not contain directory separators.", nameof(prefix));
        }

        string path = TemporaryDirectory() + prefix + Path.GetRandomFileName();
        CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public string CreateTemporaryFile()
    {
        string folder = TemporaryDirectory();
        CreateDirectory(folder);
        string path = $"{folder}tmp{Path.GetRandomFileName().Replace(".", string.Empty, StringComparison.Ordinal)}.tmp";
        Open(path, new OpenRequest(FileMode.CreateNew, FileAccess.Write)).Dispose();
        return path;
    }

    public bool IsDanglingLink(string path)
    {
        ParsedPath parsed = Parser.Parse(path, Current);
        return parsed.Root is { } root && parsed.Name.Length > 0 && IsLink(root, parsed.Name);
    }

    public void MoveDirectory(string source, string destination)
    {
        // The platform's member moves files, too.
        bool isFile = KindOf(source) is FileKind.File;
        Move(source, destination, overwrite: false, directory: !isFile);
    }

    /// <summary>Source takes the destination's name; the destination, where wanted, the backup's.</summary>
    public void Replace(string source, string destination, string? backup)
    {
        ArgumentNullException.ThrowIfNull(source, "sourceFileName");
        ArgumentNullException.ThrowIfNull(destination, "destinationFileName");
        if (KindOf(destination) == FileKind.Missing)
        {
            // The same answer as a move would give, denial included.
            using AcquiredFile target = AcquireName(destination, FilePermissions.Create | FilePermissions.Delete);
            _session.Authorize(target.Operation).Dispose();
            throw FileErrors.For(FileStatus.NotFound, target.Display);
        }

        // Both steps have to be allowed before the first is taken, or the destination would be left under the backup's name.
        RequireMove(source, destination);
        if (backup is not null)
        {
            Move(destination, backup, overwrite: true, directory: false);
        }

        Move(source, destination, overwrite: true, directory: false);
    }

    private void RequireMove(string source, string destination)
    {
        using AcquiredFile from = AcquireName(source, FilePermissions.Read | FilePermissions.Delete, "sourceFileName");
        using AcquiredFile to = AcquireName(destination, FilePermissions.Create | FilePermissions.Delete, "destinationFileName");
        FileOperation operation = new(
            _session.Principal, Effects.Read | Effects.Write | Effects.Delete, from.Operation.Target, to.Operation.Target);
        Decision decision = _session.Policy.Decide(operation, _session);
        if (decision.Kind is not (DecisionKind.Allow or DecisionKind.Ask))
        {
            from.Operation = operation;
            throw Refused(from, decision.Reason ?? FileReasons.NotGranted);
        }

        ThrowIfFailed(from);
    }

    public long RemainingWrite(string root) => RootNamed(root) is { } found
        ? MeterOf(found).RemainingWrite(LimitsOf(found))
        : throw Deny(root, FileReasons.OutsideRoot);

    public long SessionWrite(string root) => RootNamed(root) is { } found
        ? LimitsOf(found).SessionWriteBytes
        : throw Deny(root, FileReasons.OutsideRoot);

    private static FileLimits LimitsOf(FileRoot root) => FileLimits.Default.With(root.Limits);

    private FileRoot? RootNamed(string display) => Parser.Parse(display, Current).Root;

    private string TemporaryRoot() =>
        Parser.Roots.Count > 0 ? Parser.Roots[0].Display(string.Empty) : throw Deny("temp", FileReasons.OutsideRoot);
}
