using System.Collections.Concurrent;

namespace LangGuard.Files;

/// <summary>Counts the names that a file with several of them has inside its root.</summary>
internal sealed class HardLinkCensus
{
    private const int EntryLimit = 200_000;
    private const int CacheLimit = 4096;
    private const int MissingMilliseconds = 1_000;
    private readonly ConcurrentDictionary<FileIdentity, (long ChangeTicks, long Until)> _missing = [];
    private readonly ConcurrentDictionary<FileIdentity, (long ChangeTicks, long Links, IReadOnlyList<string> Names)> _known = [];

    /// <summary>All names of the file beneath the root, or null when some are elsewhere or can not be found.</summary>
    public IReadOnlyList<string>? NamesOf(ConfinedRoot root, in FileFacts facts)
    {
        if (_known.TryGetValue(facts.Identity, out (long ChangeTicks, long Links, IReadOnlyList<string> Names) known)
            && known.ChangeTicks == facts.ChangeTicks && known.Links == facts.Links)
        {
            return known.Names;
        }

        // A file that was not found whole a moment ago is not searched for again: the search costs a walk of the tree.
        if (_missing.TryGetValue(facts.Identity, out (long ChangeTicks, long Until) missing)
            && missing.ChangeTicks == facts.ChangeTicks && Environment.TickCount64 < missing.Until)
        {
            return null;
        }

        List<string> names = [];
        int budget = EntryLimit;
        if (root.OpenDirectory(string.Empty, out ConfinedDirectory? top) != FileStatus.Ok
            || !Search(top!, facts, names, ref budget) || names.Count < facts.Links)
        {
            _missing.Clear();
            _missing[facts.Identity] = (facts.ChangeTicks, Environment.TickCount64 + MissingMilliseconds);
            return null;
        }

        if (_known.Count >= CacheLimit)
        {
            _known.Clear();
        }

        _known[facts.Identity] = (facts.ChangeTicks, facts.Links, names);
        return names;
    }

    private static bool Search(ConfinedDirectory top, in FileFacts facts, List<string> names, ref int budget)
    {
        Stack<ConfinedDirectory> pending = new();
        pending.Push(top);
        try
        {
            while (names.Count < facts.Links && pending.TryPop(out ConfinedDirectory? directory))
            {
                using (directory)
                {
                    if (!Visit(directory, facts, names, pending, ref budget))
                    {
                        return false;
                    }
                }
            }

            return true;
        }
        finally
        {
            foreach (ConfinedDirectory directory in pending)
            {
                directory.Dispose();
            }
        }
    }

    private static bool Visit(
        ConfinedDirectory directory, in FileFacts facts, List<string> names, Stack<ConfinedDirectory> pending, ref int budget)
    {
        List<DirectoryEntry> entries = [];
        if (directory.ReadEntries(entries, budget) != FileStatus.Ok)
        {
            // What can not be looked into may hold a name; it then counts as elsewhere.
            return true;
        }

        budget -= entries.Count;
        foreach (DirectoryEntry entry in entries)
        {
            if (entry.Kind is FileKind.Link or FileKind.Special || directory.Stat(entry.Name, out FileFacts found) != FileStatus.Ok)
            {
                continue;
            }

            if (found.Kind == FileKind.File && found.Identity == facts.Identity)
            {
                names.Add(directory.NameOf(entry.Name));
            }
            else if (found.Kind == FileKind.Directory
                && directory.OpenDirectory(entry.Name, out ConfinedDirectory? child) == FileStatus.Ok)
            {
                pending.Push(child!);
            }
        }

        return budget > 0;
    }
}
