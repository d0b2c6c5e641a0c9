namespace LangGuard.Files;

/// <summary>
/// A root known by its name: the portable backend. A name is resolved link by link, opened without effect, and its true name
/// is checked before it is used. Between the check and a change of names another process can interfere; the grade says so.
/// </summary>
internal sealed class PathRoot(PathFiles files, string root, HostPath[] spellings) : ConfinedRoot
{
    private const int LinkLimit = 40;
    private const int PartLimit = 512;
    private readonly HostPath _self = new(root);

    public override FileConfinement Grade => files.Grade;

    public override FileStatus Open(string name, FileAim aim, out ConfinedFile? file)
    {
        file = null;
        FileStatus status = Resolve(name, true, out string resolved);
        return status == FileStatus.Ok ? OpenResolved(resolved, aim, out file) : status;
    }

    public override FileStatus OpenParent(
        string name, bool followLast, out ConfinedDirectory? parent, out string leaf, out string resolved)
    {
        parent = null;
        leaf = string.Empty;
        FileStatus status = Resolve(name, followLast, out resolved);
        if (status is not FileStatus.Ok)
        {
            return status;
        }

        int cut = resolved.LastIndexOf('/');
        string directory = cut < 0 ? string.Empty : resolved[..cut];
        leaf = resolved.Length == 0 ? "." : resolved[(cut + 1)..];
        status = files.Stat(PathOf(directory), out FileFacts facts);
        if (status != FileStatus.Ok || facts.Kind != FileKind.Directory)
        {
            return status == FileStatus.Ok ? FileStatus.NotDirectory : status;
        }

        parent = new PathDirectory(this, directory);
        return FileStatus.Ok;
    }

    public override FileStatus OpenDirectory(string name, out ConfinedDirectory? directory)
    {
        directory = null;
        FileStatus status = Resolve(name, true, out string resolved);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        status = files.Stat(PathOf(resolved), out FileFacts facts);
        if (status == FileStatus.Ok && facts.Kind != FileKind.Directory)
        {
            return FileStatus.NotDirectory;
        }

        directory = status == FileStatus.Ok ? new PathDirectory(this, resolved) : null;
        return status;
    }

    public override FileStatus Stat(string name, out FileFacts facts, out string resolved)
    {
        facts = default;
        FileStatus status = Resolve(name, true, out resolved);
        return status == FileStatus.Ok ? files.Stat(PathOf(resolved), out facts) : status;
    }

    public override string? HostPathOf(string name) => Grade == FileConfinement.Lexical ? null : PathOf(name);

    public override void Dispose()
    {
    }

    internal PathFiles Files => files;

    internal string PathOf(string name)
    {
        if (name.Length == 0)
        {
            return root;
        }

        string tail = files.Separator == '/' ? name : name.Replace('/', files.Separator);
        return root.EndsWith(files.Separator) ? root + tail : $"{root}{files.Separator}{tail}";
    }

    internal FileStatus OpenResolved(string resolved, FileAim aim, out ConfinedFile? file)
    {
        string path = PathOf(resolved);
        FileStatus status = files.Open(path, resolved, aim, out file, out string? truePath);
        return status == FileStatus.Ok ? Verify(path, truePath, ref file) : status;
    }

    internal FileStatus CreateResolved(string resolved, FileAim aim, UnixFileMode mode, out ConfinedFile? file)
    {
        string path = PathOf(resolved);
        FileStatus status = files.CreateFile(path, resolved, aim, mode, out file, out string? truePath);
        return status == FileStatus.Ok ? Verify(path, truePath, ref file) : status;
    }

    /// <summary>Nothing has been read or written yet: a file that is not the one that was meant is closed unused.</summary>
    private static FileStatus Verify(string path, string? truePath, ref ConfinedFile? file)
    {
        if (truePath is null || new HostPath(truePath) is var found && new HostPath(path) is var meant
            && found.Contains(meant) && meant.Contains(found))
        {
            return FileStatus.Ok;
        }

        file!.Dispose();
        file = null;
        return FileStatus.Unstable;
    }

    private FileStatus Resolve(string name, bool followLast, out string resolved)
    {
        resolved = name;
        if (!IsPlain(name))
        {
            return FileStatus.Outside;
        }

        List<string> done = [];
        Stack<string> ahead = new();
        HostPath.Push(ahead, name);
        int links = 0;
        while (ahead.TryPop(out string? part))
        {
            if (part == "..")
            {
                if (done.Count == 0)
                {
                    resolved = name;
                    return FileStatus.Outside;
                }

                done.RemoveAt(done.Count - 1);
                continue;
            }

            done.Add(part);
            bool isLast = ahead.Count == 0;
            string? target = isLast && !followLast ? null : files.ReadLink(PathOf(string.Join('/', done)));
            if (target is null)
            {
                continue;
            }

            done.RemoveAt(done.Count - 1);
            FileStatus status = Splice(target, done, ahead, ref links);
            if (status != FileStatus.Ok)
            {
                resolved = name;
                return status;
            }
        }

        resolved = string.Join('/', done);
        return done.Count > PartLimit ? FileStatus.NameTooLong : FileStatus.Ok;
    }

    private FileStatus Splice(string target, List<string> done, Stack<string> ahead, ref int links)
    {
        if (++links > LinkLimit || ahead.Count > PartLimit)
        {
            return FileStatus.TooManyLinks;
        }

        if (files.Separator != '/')
        {
            target = target.Replace(files.Separator, '/');
        }

        if (!target.StartsWith('/') && !Path.IsPathRooted(target))
        {
            HostPath.Push(ahead, target);
            return FileStatus.Ok;
        }

        foreach (HostPath spelling in spellings.Append(_self))
        {
            if (spelling.IsPrefixOf(target, out int rest))
            {
                done.Clear();
                HostPath.Push(ahead, target.AsSpan(Math.Min(rest, target.Length)));
                return FileStatus.Ok;
            }
        }

        return FileStatus.Outside;
    }
}
