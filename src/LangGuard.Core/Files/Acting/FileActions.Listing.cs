using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Listings: read by handles, never through a link, filtered by the rules, within limits.</summary>
internal sealed partial class FileActions
{
    public List<ListedEntry> List(string path, string pattern, EnumerationOptions options, FileKind? kind)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(pattern, "searchPattern");
        ArgumentNullException.ThrowIfNull(options, "enumerationOptions");
        RefuseText(path, nameof(path));
        FileListing listing = FileListing.TryCreate(path, pattern, options, kind) ?? throw Deny(pattern, FileReasons.Pattern);
        ParsedPath parsed = Parse(listing.Path);
        FileRoot root = parsed.Root!;
        FileStatus status = root.Confined.OpenDirectory(parsed.Name, out ConfinedDirectory? directory);
        using (directory)
        {
            using AcquiredFile found = FoundDirectory(parsed, directory, status);
            using Permit permit = _session.Authorize(found.Operation);
            if (found.Status == FileStatus.NotFound)
            {
                throw FileErrors.For(FileStatus.NotFound, found.Display, parentIsMissing: true);
            }

            ThrowIfFailed(found);
            List<ListedEntry> listed = [];
            new ListingRun(this, found, listing, GrantOf(permit), listed).Run(directory!);
            permit.Complete(OperationOutcome.Success(rows: listed.Count));
            return listed;
        }
    }

    private AcquiredFile FoundDirectory(in ParsedPath parsed, ConfinedDirectory? directory, FileStatus status)
    {
        if (directory is null)
        {
            return Failed(parsed, FilePermissions.List, status);
        }

        FileTarget target = TargetFor(parsed.Root!, parsed.Name, directory.Name, FilePermissions.List, default, status);
        AcquiredFile found = new() { Root = parsed.Root!, Name = parsed.Name, Resolved = directory.Name };
        found.Operation = new FileOperation(_session.Principal, Effects.Read, in target, null);
        return found;
    }

    /// <summary>One listing while it runs.</summary>
    private sealed class ListingRun(
        FileActions actions, AcquiredFile found, FileListing listing, FileGrant grant, List<ListedEntry> listed)
    {
        private readonly List<DirectoryEntry> _entries = [];
        private int _visited;

        public void Run(ConfinedDirectory top)
        {
            Queue<(ConfinedDirectory Directory, string Prefix, int Depth)> pending = new();
            Visit(top, listing.Prefix, 0, pending);
            try
            {
                while (pending.TryDequeue(out (ConfinedDirectory Directory, string Prefix, int Depth) next))
                {
                    using (next.Directory)
                    {
                        Visit(next.Directory, next.Prefix, next.Depth, pending);
                    }
                }
            }
            finally
            {
                foreach ((ConfinedDirectory directory, _, _) in pending)
                {
                    directory.Dispose();
                }
            }
        }

        private void Visit(
            ConfinedDirectory directory, string prefix, int depth, Queue<(ConfinedDirectory, string, int)> pending)
        {
            _entries.Clear();
            int limit = grant.Limits.Entries;
            FileStatus status = directory.ReadEntries(_entries, limit - _visited + 1);
            if (status == FileStatus.NoAccess && listing.Options.IgnoreInaccessible && depth > 0)
            {
                return;
            }

            ThrowIf(status, found.Root.Display(directory.Name));
            _visited += _entries.Count;
            ThrowIf(_visited > limit ? FileReasons.EntryLimit : null, found.Operation);
            listed.EnsureCapacity(listed.Count + _entries.Count);
            foreach (DirectoryEntry entry in _entries)
            {
                Add(directory, entry, prefix, depth, pending);
            }
        }

        private void Add(
            ConfinedDirectory directory,
            in DirectoryEntry entry,
            string prefix,
            int depth,
            Queue<(ConfinedDirectory, string, int)> pending)
        {
            if (IsSkipped(directory, entry) || !IsVisible(directory, entry))
            {
                return;
            }

            bool isDirectory = IsDirectory(directory, entry, out bool isLink);
            bool matches = (listing.Kind is null || isDirectory == (listing.Kind == FileKind.Directory))
                && listing.Matches(entry.Name);
            bool descends = isDirectory && !isLink && listing.Options.RecurseSubdirectories
                && depth < listing.Options.MaxRecursionDepth;
            if (!matches && !descends)
            {
                return;
            }

            string path = FileListing.Join(prefix, entry.Name);
            if (matches)
            {
                listed.Add(new ListedEntry(path, isDirectory));
            }

            if (descends)
            {
                ThrowIf(depth + 1 > grant.Limits.Depth ? FileReasons.DepthLimit : null, found.Operation);
                FileStatus status = directory.OpenDirectory(entry.Name, out ConfinedDirectory? child);
                if (status == FileStatus.Ok)
                {
                    pending.Enqueue((child!, path, depth + 1));
                }
                else if (status == FileStatus.NoAccess && !listing.Options.IgnoreInaccessible)
                {
                    throw FileErrors.For(status, found.Root.Display(directory.NameOf(entry.Name)));
                }
            }
        }

        private bool IsSkipped(ConfinedDirectory directory, in DirectoryEntry entry)
        {
            FileAttributes skipped = listing.Options.AttributesToSkip;
            if (skipped == 0)
            {
                return false;
            }

            if ((skipped & FileAttributes.Hidden) != 0 && entry.Name.StartsWith('.'))
            {
                return true;
            }

            if ((skipped & FileAttributes.ReparsePoint) != 0 && entry.Kind == FileKind.Link)
            {
                return true;
            }

            const FileAttributes byFacts = FileAttributes.ReadOnly | FileAttributes.Directory | FileAttributes.System;
            if ((skipped & byFacts) == 0 || ((skipped & byFacts) == FileAttributes.System && OperatingSystem.IsLinux()))
            {
                return false;
            }

            return directory.Stat(entry.Name, out FileFacts facts) == FileStatus.Ok
                && (AttributesOf(facts, entry.Name, facts.Kind == FileKind.Link) & skipped) != 0;
        }

        // Where one rule covers the whole tree, its entries need no look one by one.
        private bool IsVisible(ConfinedDirectory directory, in DirectoryEntry entry) =>
            grant.CoversTree || actions.MayList(found.Root, directory.NameOf(entry.Name));

        private bool IsDirectory(ConfinedDirectory directory, in DirectoryEntry entry, out bool isLink)
        {
            isLink = entry.Kind == FileKind.Link;
            if (entry.Kind is FileKind.Directory or FileKind.File or FileKind.Special)
            {
                return entry.Kind == FileKind.Directory;
            }

            if (entry.Kind == FileKind.Missing && directory.Stat(entry.Name, out FileFacts facts) == FileStatus.Ok)
            {
                isLink = facts.Kind == FileKind.Link;
                if (!isLink)
                {
                    return facts.Kind == FileKind.Directory;
                }
            }

            // What a link leads to is told only when it stays inside.
            return isLink
                && found.Root.Confined.Stat(directory.NameOf(entry.Name), out FileFacts target, out _) == FileStatus.Ok
                && target.Kind == FileKind.Directory;
        }
    }

    /// <summary>Whether the rules show a name. A look without effect: not counted, not recorded.</summary>
    private bool MayList(FileRoot root, string name)
    {
        FileTarget target = new(root.Name, name, name, FilePermissions.List) { Anchor = root.Anchor };
        FileOperation operation = new(_session.Principal, Effects.Read, in target, null);
        return _session.Policy.Decide(operation, _session).Kind is DecisionKind.Allow or DecisionKind.Ask;
    }
}
