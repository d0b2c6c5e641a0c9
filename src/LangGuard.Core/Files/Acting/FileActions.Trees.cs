using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Directories with all that they hold.</summary>
internal sealed partial class FileActions
{
    private const int TreeCap = 100_000;

    /// <summary>Reads a tree by handles, never through a link. No space when it is larger than any limit. A directory that can
    /// not be read fails the whole: what it holds has not been decided on.</summary>
    private static FileStatus ReadTree(ConfinedDirectory parent, string leaf, List<TreeEntry> tree)
    {
        FileStatus status = parent.OpenDirectory(leaf, out ConfinedDirectory? top);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        Queue<(ConfinedDirectory Directory, string Prefix)> pending = new();
        pending.Enqueue((top!, string.Empty));
        try
        {
            List<DirectoryEntry> entries = [];
            while (status == FileStatus.Ok && pending.TryDequeue(out (ConfinedDirectory Directory, string Prefix) next))
            {
                using ConfinedDirectory directory = next.Directory;
                entries.Clear();
                status = directory.ReadEntries(entries, TreeCap + 1);
                for (int i = 0; i < entries.Count && status == FileStatus.Ok; i++)
                {
                    status = tree.Count < TreeCap ? AddEntry(directory, entries[i], next.Prefix, tree, pending) : FileStatus.NoSpace;
                }
            }

            return status;
        }
        finally
        {
            foreach ((ConfinedDirectory directory, _) in pending)
            {
                directory.Dispose();
            }
        }
    }

    private static FileStatus AddEntry(
        ConfinedDirectory directory,
        in DirectoryEntry entry,
        string prefix,
        List<TreeEntry> tree,
        Queue<(ConfinedDirectory Directory, string Prefix)> pending)
    {
        string name = prefix + entry.Name;
        FileStatus status = FileStatus.NotDirectory;
        if (entry.Kind is FileKind.Directory or FileKind.Missing)
        {
            status = directory.OpenDirectory(entry.Name, out ConfinedDirectory? child);
            if (status == FileStatus.Ok)
            {
                pending.Enqueue((child!, name + "/"));
            }
        }

        // Gone, or put in another's place, while the tree was read: it counts as what it is now, a name.
        bool isDirectory = status == FileStatus.Ok;
        string? text = entry.Kind is FileKind.Link or FileKind.Missing && !isDirectory
            && directory.ReadLink(entry.Name, out string target) == FileStatus.Ok ? target : null;
        tree.Add(new TreeEntry(name, isDirectory, text));
        return isDirectory || status is FileStatus.NotDirectory or FileStatus.TooManyLinks or FileStatus.NotFound ? FileStatus.Ok : status;
    }

    /// <summary>Whether a directory still has the name that was decided on. Its handle stays good when somebody moves it, and
    /// what is created by it would then have a name that nobody decided on.</summary>
    private static bool IsInPlace(FileRoot root, ConfinedDirectory directory) => directory.Name.Length == 0
        || (root.Confined.Stat(directory.Name, out FileFacts facts, out string resolved) == FileStatus.Ok
            && string.Equals(resolved, directory.Name, StringComparison.Ordinal) && facts.Identity == directory.Identity);

    /// <summary>Whether what arrived at a new name is what was decided on: the same object, holding nothing more.</summary>
    private static bool HasArrived(AcquiredFile from, AcquiredFile to, List<TreeEntry> tree)
    {
        if (to.Parent!.Stat(to.Leaf, out FileFacts facts) != FileStatus.Ok || facts.Identity != from.Facts.Identity
            || !IsInPlace(to.Root, to.Parent))
        {
            return false;
        }

        List<TreeEntry> now = [];
        return facts.Kind != FileKind.Directory
            || (ReadTree(to.Parent, to.Leaf, now) == FileStatus.Ok && new HashSet<TreeEntry>(tree).IsSupersetOf(now));
    }

    private static FileTarget ContentsOf(AcquiredFile found, List<TreeEntry> tree, in FileTarget target) => tree.Count == 0
        ? target
        : target with { Contents = tree.ConvertAll(entry => string.Concat(found.Resolved, "/", entry.Name)) };

    private FileOperation WithContents(AcquiredFile found, List<TreeEntry> tree, FilePermissions permissions)
    {
        FileTarget target = ContentsOf(found, tree, found.Operation.Target);
        return new FileOperation(_session.Principal, EffectsOf(permissions), in target, found);
    }

    /// <summary>Deletes exactly what was decided on, deepest first. What appeared since stays, and with it the directory.</summary>
    private void DeleteTree(AcquiredFile found, List<TreeEntry> tree)
    {
        for (int i = tree.Count - 1; i >= 0; i--)
        {
            TreeEntry entry = tree[i];
            using ConfinedDirectory directory = OpenBeneath(found, entry.Name, out string leaf);
            FileStatus status = entry.IsDirectory
                ? _changes.DeleteDirectory(found.Operation, found.Root, directory, leaf)
                : _changes.DeleteFile(found.Operation, found.Root, directory, leaf);
            ThrowIf(status == FileStatus.NotFound ? FileStatus.Ok : status, $"{found.Display}/{entry.Name}");
        }
    }

    private static ConfinedDirectory OpenBeneath(AcquiredFile found, string name, out string leaf)
    {
        ThrowIf(found.Parent!.OpenDirectory(found.Leaf, out ConfinedDirectory? directory), found.Display);
        string[] parts = name.Split('/');
        leaf = parts[^1];
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            FileStatus status = directory!.OpenDirectory(part, out ConfinedDirectory? next);
            directory.Dispose();
            ThrowIf(status, $"{found.Display}/{name}");
            directory = next;
        }

        return directory!;
    }
}
