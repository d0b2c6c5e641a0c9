using System.Runtime.CompilerServices;

namespace LangGuard.Files;

/// <summary>
/// Resolves a name part by part from the root's handle. Each directory is opened from the one before without following a
/// link; a link is read and its text takes the place of the part. ".." goes back to the handle that is already held.
/// </summary>
internal sealed class LinuxWalk(int root, HostPath[] spellings, ulong mount)
{
    private const int LinkLimit = 40;
    private const int PartLimit = 512;
    private const int RaceLimit = 16;

    public FileStatus ToDirectory(string name, out ConfinedDirectory? directory)
    {
        directory = null;
        for (int attempt = 0; attempt < RaceLimit; attempt++)
        {
            FileStatus status = ToParent(name, true, out ConfinedDirectory? parent, out string leaf, out _);
            if (status != FileStatus.Ok)
            {
                return status;
            }

            using (parent)
            {
                status = parent!.OpenDirectory(leaf, out directory);
            }

            if (status != FileStatus.TooManyLinks)
            {
                return status;
            }
        }

        return FileStatus.Unstable;
    }

    public FileStatus Stat(string name, out FileFacts facts, out string resolved)
    {
        facts = default;
        FileStatus status = ToParent(name, true, out ConfinedDirectory? parent, out string leaf, out resolved);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (parent)
        {
            status = parent!.Stat(leaf, out facts);
        }

        return status == FileStatus.Ok && facts.Kind == FileKind.Link ? FileStatus.Unstable : status;
    }

    public FileStatus ToParent(
        string name, bool followLast, out ConfinedDirectory? parent, out string leaf, out string resolved)
    {
        Trail trail = new(root);
        Stack<string> ahead = new();
        Push(ahead, name);
        int links = 0;
        leaf = string.Empty;
        parent = null;
        FileStatus status = FileStatus.Ok;
        while (status == FileStatus.Ok && leaf.Length == 0 && ahead.TryPop(out string? part))
        {
            if (part == "..")
            {
                status = trail.Up() ? FileStatus.Ok : FileStatus.Outside;
                continue;
            }

            status = ahead.Count == 0
                ? Last(trail, part, followLast, ref links, ahead, out leaf)
                : Descend(trail, part, ref links, ahead);
            if (status is FileStatus.NotFound or FileStatus.NotDirectory or FileStatus.NoAccess)
            {
                resolved = trail.NameWith(part, ahead);
                trail.Dispose();
                return status;
            }
        }

        if (status != FileStatus.Ok)
        {
            resolved = name;
            trail.Dispose();
            return status;
        }

        resolved = trail.NameWith(leaf, ahead);
        if (!LinuxMounts.Allows(mount, trail.Top))
        {
            trail.Dispose();
            return FileStatus.OtherMount;
        }

        parent = trail.TakeTop(mount);
        if (leaf.Length == 0)
        {
            leaf = ".";
        }

        return FileStatus.Ok;
    }

    private FileStatus Last(
        Trail trail, string part, bool follow, ref int links, Stack<string> ahead, out string leaf)
    {
        leaf = string.Empty;
        if (follow && LinuxDirectory.ReadLink(trail.Top, part, out string target) is var read && read == FileStatus.Ok)
        {
            return Splice(trail, target, ref links, ahead);
        }

        // Not a link, or nothing there: either way this is the part to act on.
        leaf = part;
        return FileStatus.Ok;
    }

    private FileStatus Descend(Trail trail, string part, ref int links, Stack<string> ahead)
    {
        FileStatus status = LinuxDirectory.OpenHandle(trail.Top, part, out int descriptor);
        if (status == FileStatus.Ok)
        {
            return trail.Down(part, descriptor) ? FileStatus.Ok : FileStatus.NameTooLong;
        }

        if (status is not (FileStatus.NotDirectory or FileStatus.TooManyLinks))
        {
            return status;
        }

        return LinuxDirectory.ReadLink(trail.Top, part, out string target) == FileStatus.Ok
            ? Splice(trail, target, ref links, ahead)
            : FileStatus.NotDirectory;
    }

    private FileStatus Splice(Trail trail, string target, ref int links, Stack<string> ahead)
    {
        if (++links > LinkLimit)
        {
            return FileStatus.TooManyLinks;
        }

        if (target.Length == 0)
        {
            return FileStatus.NotFound;
        }

        if (target[0] != '/')
        {
            return Push(ahead, target);
        }

        foreach (HostPath spelling in spellings)
        {
            if (spelling.IsPrefixOf(target, out int rest))
            {
                // An absolute link into this root is taken to mean the root that is held, whatever bears its name now.
                trail.Clear();
                return Push(ahead, target.AsSpan(Math.Min(rest, target.Length)));
            }
        }

        return FileStatus.Outside;
    }

    private static FileStatus Push(Stack<string> ahead, ReadOnlySpan<char> path)
    {
        HostPath.Push(ahead, path);
        return ahead.Count > PartLimit ? FileStatus.NameTooLong : FileStatus.Ok;
    }

    /// <summary>The directories between the root and here, each by its handle.</summary>
    private sealed class Trail(int root) : IDisposable
    {
        private readonly List<(string Name, int Descriptor)> _steps = [];

        public int Top => _steps.Count == 0 ? root : _steps[^1].Descriptor;

        public bool Down(string name, int descriptor)
        {
            _steps.Add((name, descriptor));
            return _steps.Count <= PartLimit;
        }

        public bool Up()
        {
            if (_steps.Count == 0)
            {
                return false;
            }

            _ = LinuxCalls.Close(_steps[^1].Descriptor);
            _steps.RemoveAt(_steps.Count - 1);
            return true;
        }

        public void Clear()
        {
            while (Up())
            {
            }
        }

        public string NameWith(string leaf, Stack<string> ahead)
        {
            DefaultInterpolatedStringHandler text = new(0, 0);
            string separator = string.Empty;
            foreach ((string name, _) in _steps)
            {
                text.AppendLiteral(separator);
                text.AppendLiteral(name);
                separator = "/";
            }

            foreach (string part in ahead.Prepend(leaf))
            {
                if (part.Length > 0)
                {
                    text.AppendLiteral(separator);
                    text.AppendLiteral(part);
                    separator = "/";
                }
            }

            return text.ToStringAndClear();
        }

        public LinuxDirectory TakeTop(ulong mount)
        {
            string name = NameWith(string.Empty, []);
            int top = _steps.Count == 0 ? LinuxDirectory.Duplicate(root) : _steps[^1].Descriptor;
            if (_steps.Count > 0)
            {
                _steps.RemoveAt(_steps.Count - 1);
            }

            Clear();
            return new LinuxDirectory(top, name, mount);
        }

        public void Dispose() => Clear();
    }
}
