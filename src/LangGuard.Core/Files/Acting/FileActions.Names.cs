using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Changes of names: directories, deletes, links.</summary>
internal sealed partial class FileActions
{
    private const UnixFileMode NewDirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode SetIdBits = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    /// <summary>Creates a directory with those above it that are missing. One that exists already is fine.</summary>
    public void CreateDirectory(string path, UnixFileMode mode = NewDirectoryMode)
    {
        ParsedPath parsed = Parse(path);
        FileRoot root = parsed.Root!;
        FileStatus status = root.Confined.Stat(parsed.Name, out FileFacts facts, out string resolved);
        if (status == FileStatus.Ok)
        {
            using AcquiredFile existing = AcquireFacts(path, FilePermissions.List);
            using Permit seen = _session.Authorize(existing.Operation);
            ThrowIf(facts.Kind == FileKind.Directory ? FileStatus.Ok : FileStatus.Exists, existing.Display);
            seen.Complete(OperationOutcome.Success());
            return;
        }

        List<string> missing = [];
        string above = parsed.Name;
        if (status == FileStatus.NotFound)
        {
            status = FindExisting(root, ref above, missing);
        }

        FileTarget target = TargetFor(root, parsed.Name, resolved, FilePermissions.Create, default, status) with
        {
            OtherNames = missing,
        };
        FileOperation operation = new(_session.Principal, Effects.Write, in target, null);
        using Permit permit = _session.Authorize(operation);
        ThrowIf(FileErrors.ObstacleOf(status), operation);
        ThrowIf(status, root.Display(parsed.Name));
        ThrowIf((mode & SetIdBits) != 0 ? FileReasons.Executable : null, operation);
        ThrowIf(MeterOf(root).ReserveFiles(missing.Count, GrantOf(permit).Limits), operation);
        CreateMissing(operation, root, above, missing, mode);
        permit.Complete(OperationOutcome.Success());
    }

    public void DeleteFile(string path)
    {
        using AcquiredFile found = AcquireName(path, FilePermissions.Delete);
        if (found.Name.Length == 0)
        {
            throw Refused(found, FileReasons.RootItself);
        }

        using Permit permit = _session.Authorize(found.Operation);
        if (found.Status == FileStatus.NotFound && found.Parent is not null)
        {
            // Deleting what is not there is no error, as on the platform.
            permit.Complete(OperationOutcome.Success());
            return;
        }

        ThrowIfFailed(found);
        if (found.Facts.Kind == FileKind.Directory)
        {
            throw FileErrors.For(FileStatus.IsDirectory, found.Display);
        }

        ThrowIf(_changes.DeleteFile(found.Operation, found.Root, found.Parent!, found.Leaf), found.Display);
        permit.Complete(OperationOutcome.Success());
    }

    /// <summary>Deletes an empty directory, or with <paramref name="recursive"/> one and all it holds; a link to a directory is
    /// removed itself.</summary>
    public void DeleteDirectory(string path, bool recursive)
    {
        ParsedPath parsed = Parse(path);
        using AcquiredFile found = AcquireName(parsed, FilePermissions.Delete);
        if (found.Name.Length == 0)
        {
            throw Refused(found, FileReasons.RootItself);
        }

        List<TreeEntry> tree = [];
        FileStatus whole = FileStatus.Ok;
        if (recursive && found.Status == FileStatus.Ok && found.Facts.Kind == FileKind.Directory)
        {
            whole = ReadTree(found.Parent!, found.Leaf, tree);
            found.Operation = WithContents(found, tree, FilePermissions.Delete);
        }

        using Permit permit = _session.Authorize(found.Operation);
        if (found.Status == FileStatus.NotFound)
        {
            throw FileErrors.For(FileStatus.NotFound, found.Display, parentIsMissing: true);
        }

        ThrowIfFailed(found);
        if (found.Facts.Kind == FileKind.Link)
        {
            DeleteLinkToDirectory(found, parsed);
        }
        else if (found.Facts.Kind != FileKind.Directory)
        {
            throw FileErrors.For(FileStatus.NotDirectory, found.Display);
        }
        else
        {
            RequireWhole(whole, tree, GrantOf(permit), found);
            DeleteTree(found, tree);
            ThrowIf(_changes.DeleteDirectory(found.Operation, found.Root, found.Parent!, found.Leaf), found.Display);
        }

        permit.Complete(OperationOutcome.Success(rows: tree.Count + 1));
    }

    public void CreateLink(string path, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target, "pathToTarget");
        using AcquiredFile found = AcquireName(path, FilePermissions.Link | FilePermissions.Create);
        bool isInside = IsInsideTarget(found, target, out string pointsTo);
        FileTarget second = TargetFor(
            found.Root, pointsTo, pointsTo, FilePermissions.List, default, isInside ? FileStatus.Ok : FileStatus.Outside) with
        {
            Obstacle = isInside ? null : FileReasons.LinkTarget,
        };
        FileOperation operation = new(_session.Principal, Effects.Write, found.Operation.Target, second) { Held = found };
        found.Operation = operation;
        using Permit permit = _session.Authorize(operation);
        if (found.Status != FileStatus.NotFound || found.Parent is null)
        {
            ThrowIfFailed(found);
            throw FileErrors.For(FileStatus.Exists, found.Display);
        }

        ThrowIf(MeterOf(found.Root).ReserveFiles(1, GrantOf(permit).Limits), operation);
        ThrowIf(_changes.CreateLink(operation, found.Root, found.Parent, found.Leaf, target), found.Display);
        if (!IsInPlace(found.Root, found.Parent))
        {
            _ = found.Parent.RemoveFile(found.Leaf);
            throw Denied(FileReasons.Unstable, operation);
        }

        permit.Complete(OperationOutcome.Success());
    }

    /// <summary>Finds the nearest directory above that exists, and collects what is missing below it.</summary>
    private static FileStatus FindExisting(FileRoot root, ref string above, List<string> missing)
    {
        while (above.Length > 0)
        {
            FileStatus status = root.Confined.Stat(above, out FileFacts facts, out _);
            if (status == FileStatus.Ok)
            {
                return facts.Kind == FileKind.Directory ? FileStatus.Ok : FileStatus.NotDirectory;
            }

            // A link to nothing is not made into a directory.
            if (status != FileStatus.NotFound || IsLink(root, above))
            {
                return status == FileStatus.NotFound ? FileStatus.Exists : status;
            }

            missing.Insert(0, above);
            above = ParentOf(above);
        }

        return FileStatus.Ok;
    }

    private static bool IsLink(FileRoot root, string name)
    {
        FileStatus status = root.Confined.OpenParent(name, false, out ConfinedDirectory? parent, out string leaf, out _);
        using (parent)
        {
            return status == FileStatus.Ok && parent!.Stat(leaf, out FileFacts facts) == FileStatus.Ok
                && facts.Kind == FileKind.Link;
        }
    }

    private void CreateMissing(FileOperation operation, FileRoot root, string above, List<string> missing, UnixFileMode mode)
    {
        ThrowIf(root.Confined.OpenDirectory(above, out ConfinedDirectory? directory), root.Display(above));
        try
        {
            for (int i = 0; i < missing.Count; i++)
            {
                string leaf = missing[i][(missing[i].LastIndexOf('/') + 1)..];
                UnixFileMode created = i == missing.Count - 1 ? mode : NewDirectoryMode;
                FileStatus status = _changes.CreateDirectory(operation, root, directory!, leaf, created);
                ThrowIf(status == FileStatus.Exists ? FileStatus.Ok : status, root.Display(missing[i]));
                if (status == FileStatus.Ok && !IsInPlace(root, directory!))
                {
                    _ = directory!.RemoveDirectory(leaf);
                    throw Denied(FileReasons.Unstable, operation);
                }

                ThrowIf(directory!.OpenDirectory(leaf, out ConfinedDirectory? next), root.Display(missing[i]));
                directory.Dispose();
                directory = next;
            }
        }
        finally
        {
            directory?.Dispose();
        }
    }

    private void DeleteLinkToDirectory(AcquiredFile found, in ParsedPath parsed)
    {
        if (parsed.MustBeDirectory)
        {
            throw new IOException($"The directory name is invalid : '{found.Display}'.");
        }

        ThrowIf(_changes.DeleteFile(found.Operation, found.Root, found.Parent!, found.Leaf), found.Display);
    }

    private AccessDeniedException Refused(AcquiredFile found, Reason reason)
    {
        Authorization answer = _session.Refuse(found.Operation, reason);
        return new AccessDeniedException(answer.Decision, found.Operation, answer.ApprovalRequestId);
    }

    /// <summary>
    /// A link's target has to stay inside when it is read from where the link is; an absolute one, and one that other links
    /// could bend outwards, is refused.
    /// </summary>
    private static bool IsInsideTarget(AcquiredFile found, string target, out string pointsTo)
    {
        pointsTo = string.Empty;
        if (Climbs(target, found.Resolved) || ClimbsBehindName(target) || target.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        Stack<string> parts = new(found.Resolved.Split('/').SkipLast(1));
        foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.Pop();
            }
            else if (part != ".")
            {
                parts.Push(part);
            }
        }

        pointsTo = string.Join('/', parts.Reverse());
        FileStatus status = found.Root.Confined.OpenParent(
            pointsTo, true, out ConfinedDirectory? parent, out _, out string resolved);
        parent?.Dispose();
        pointsTo = status == FileStatus.Ok ? resolved : pointsTo;
        return status is FileStatus.Ok or FileStatus.NotFound;
    }
}
