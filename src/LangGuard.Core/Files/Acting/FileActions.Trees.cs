using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Directories with all that they hold.</summary>
internal sealed partial class FileActions
{
    private const int TreeCap = 100_000;

    /// <summary>Reads a tree by handles, never through a link. False when it is larger than any limit.</summary>
    private static bool TryReadTree(AcquiredFile found, List<TreeEntry> tree)
    {
        if (found.Parent!.OpenDirectory(found.Leaf, out ConfinedDirectory? top) != FileStatus.Ok)
        {
            return true;
        }

        Queue<(ConfinedDirectory Directory, string Prefix)> pending = new();
        pending.Enqueue((top!, string.Empty));
        try
        {
            List<DirectoryEntry> entries = [];
            while (pending.TryDequeue(out (ConfinedDirectory Directory, string Prefix) next))
            {
                using ConfinedDirectory directory = next.Directory;
                entries.Clear();
                _ = directory.ReadEntries(entries, TreeCap + 1);
                foreach (DirectoryEntry entry in entries)
                {
                    if (tree.Count >= TreeCap)
                    {
                        return false;
                    }

                    string name = next.Prefix + entry.Name;
                    ConfinedDirectory? child = null;
                    bool isDirectory = entry.Kind is FileKind.Directory or FileKind.Missing
                        && directory.OpenDirectory(entry.Name, out child) == FileStatus.Ok;
                    tree.Add(new TreeEntry(name, isDirectory || entry.Kind == FileKind.Directory));
                    if (isDirectory)
                    {
                        pending.Enqueue((child!, name + "/"));
                    }
                }
            }

            return true;
        }
        finally
        {
            foreach ((ConfinedDirectory directory, _) in pending)
            {
                directory.Dispose();
            }
        }
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
