using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Moves within a root, between roots, and between mounts.</summary>
internal sealed partial class FileActions
{
    /// <summary>Moves or renames a file, a link, or with <paramref name="directory"/> a directory.</summary>
    public void Move(string source, string destination, bool overwrite, bool directory)
    {
        const FilePermissions leaving = FilePermissions.Read | FilePermissions.Delete;
        using AcquiredFile from = AcquireName(source, leaving, "sourceFileName");
        using AcquiredFile to = AcquireName(destination, FilePermissions.Create, "destFileName");
        if (from.Name.Length == 0 || to.Name.Length == 0)
        {
            throw Refused(from.Name.Length == 0 ? from : to, FileReasons.RootItself);
        }

        bool isSame = from.Facts.Kind != FileKind.Missing && from.Facts.Identity == to.Facts.Identity
            && from.Resolved == to.Resolved;
        bool replaces = to.Facts.Kind != FileKind.Missing && !isSame;
        List<TreeEntry> tree = [];
        FileStatus whole = directory && from.Status == FileStatus.Ok && from.Facts.Kind == FileKind.Directory
            ? ReadTree(from.Parent!, from.Leaf, tree)
            : FileStatus.Ok;
        FileTarget first = ContentsOf(from, tree, from.Operation.Target);
        FilePermissions arriving = replaces ? FilePermissions.Create | FilePermissions.Delete : FilePermissions.Create;
        FileTarget second = TargetFor(to.Root, to.Name, to.Resolved, arriving, to.Facts, to.Status == FileStatus.NotFound ? FileStatus.Ok : to.Status);
        second = ContentsOf(to, tree, second);
        FileOperation operation = new(_session.Principal, Effects.Read | Effects.Write | Effects.Delete, first, second)
        {
            Held = new HeldPair(from, to),
        };
        from.Operation = operation;
        to.Operation = operation;
        using Permit permit = _session.Authorize(operation);
        if (from.Status == FileStatus.NotFound)
        {
            throw FileErrors.For(FileStatus.NotFound, from.Display, directory || ParentIsMissing(from));
        }

        ThrowIfFailed(from);
        if (to.Status != FileStatus.NotFound)
        {
            ThrowIfFailed(to);
        }
        else if (to.Parent is null || (!directory && Parse(destination).MustBeDirectory))
        {
            throw FileErrors.For(FileStatus.NotFound, to.Display, parentIsMissing: true);
        }

        CheckMove(from, to, directory, overwrite, isSame);
        ThrowIf(IsLedOut(from, to, tree) ? FileReasons.LinkTarget : null, operation);
        FileGrant grant = GrantOf(permit);
        RequireWhole(whole, tree, grant, from);
        if (!directory)
        {
            CheckExtension(to, grant);
        }

        if (!isSame)
        {
            RenameMode mode = overwrite ? RenameMode.ReplaceTarget : RenameMode.KeepTarget;
            FileStatus status = _changes.Move(
                operation, from.Root, from.Parent!, from.Leaf, to.Root, to.Parent!, to.Leaf, mode);
            if (status == FileStatus.CrossDevice && !directory)
            {
                status = MoveByCopy(operation, from, to, overwrite, grant);
            }

            else if (status == FileStatus.Ok && !HasArrived(from, to, tree))
            {
                // Something else was put there between the decision and the move: it goes back unseen.
                _ = _changes.Move(operation, to.Root, to.Parent!, to.Leaf, from.Root, from.Parent!, from.Leaf, RenameMode.KeepTarget);
                status = FileStatus.Unstable;
            }

            ThrowIf(FileErrors.ObstacleOf(status), operation);
            ThrowIf(status, status == FileStatus.Exists ? to.Display : from.Display);
        }

        permit.Complete(OperationOutcome.Success());
    }

    private static void RequireWhole(FileStatus status, List<TreeEntry> tree, FileGrant grant, AcquiredFile found)
    {
        bool isTooLarge = status == FileStatus.NoSpace || tree.Count > grant.Limits.TreeEntries;
        ThrowIf(isTooLarge ? FileReasons.TreeLimit : FileErrors.ObstacleOf(status), found.Operation);
        ThrowIf(status, found.Display);
    }

    private static void CheckMove(AcquiredFile from, AcquiredFile to, bool directory, bool overwrite, bool isSame)
    {
        bool isDirectory = from.Facts.Kind == FileKind.Directory;
        if (directory)
        {
            if (isSame)
            {
                throw new IOException("Source and destination path must be different.");
            }

            if (to.Facts.Kind != FileKind.Missing)
            {
                throw FileErrors.For(FileStatus.Exists, to.Display);
            }

            return;
        }

        if (isDirectory)
        {
            throw FileErrors.For(FileStatus.NotFound, from.Display);
        }

        if (to.Facts.Kind == FileKind.Directory)
        {
            throw FileErrors.For(FileStatus.Exists, to.Display);
        }

        if (to.Facts.Kind != FileKind.Missing && !overwrite && !isSame)
        {
            throw FileErrors.For(FileStatus.Exists, to.Display);
        }
    }

    private FileStatus MoveByCopy(
        FileOperation operation, AcquiredFile from, AcquiredFile to, bool overwrite, FileGrant grant)
    {
        if (from.Facts.Kind != FileKind.File)
        {
            return FileStatus.CrossDevice;
        }

        if (to.Facts.Kind != FileKind.Missing)
        {
            if (!overwrite)
            {
                return FileStatus.Exists;
            }

            FileStatus removed = _changes.DeleteFile(operation, to.Root, to.Parent!, to.Leaf);
            if (removed != FileStatus.Ok)
            {
                return removed;
            }
        }

        FileStatus status = from.Parent!.OpenFile(from.Leaf, FileAim.Read, out ConfinedFile? source);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (source)
        {
            status = CopyToNew(operation, source!, to, grant);
        }

        return status == FileStatus.Ok
            ? _changes.DeleteFile(operation, from.Root, from.Parent, from.Leaf)
            : status;
    }
}
