using System.Globalization;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>Changes of names: create, delete, move, directories, links, attributes.</summary>
internal sealed partial class JournaledFileChanges
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<ConfinedFile, JournalEntry> _open = [];

    public override FileStatus Create(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, FileAim aim, out ConfinedFile? file)
    {
        var entry = NewEntry(
            FileChangeKind.Create, root, parent.NameOf(leaf), default, PreImage.None, _store.NextNumber());
        _store.Begin(entry);
        var status = base.Create(operation, root, parent, leaf, aim, out file);
        if (status == FileStatus.Ok)
        {
            _store.Step(entry, JournalStep.Created, ChangeState.Open, FileState.Of(file!.Facts));
            _open[file] = entry;
        }
        else
        {
            _store.Step(entry, JournalStep.End, ChangeState.Aborted, default);
        }

        return status;
    }

    public override void TakeBack(ConfinedFile file, ConfinedDirectory parent, string leaf)
    {
        base.TakeBack(file, parent, leaf);
        if (_open.Remove(file, out var entry))
        {
            _store.Step(entry, JournalStep.End, ChangeState.Aborted, default);
        }
    }

    public override FileStatus DeleteFile(FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf)
    {
        var status = parent.Stat(leaf, out var facts);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        if (facts.Kind != FileKind.File)
        {
            var text = string.Empty;
            if (facts.Kind == FileKind.Link)
            {
                parent.ReadLink(leaf, out text);
            }

            var link = NewEntry(
                FileChangeKind.Delete, root, parent.NameOf(leaf), FileState.Of(facts, text), PreImage.None, _store.NextNumber());
            return Run(link, (out FileState after) =>
            {
                after = default;
                return base.DeleteFile(operation, root, parent, leaf);
            });
        }

        if (CanMoveAside(facts) && !IsLocked(parent, leaf, out var hash))
        {
            status = MoveAside(operation, root, parent, leaf, facts, hash);

            // A bind mount has the device of the journal and is another mount all the same; some file systems know no flags.
            if (status is not (FileStatus.CrossDevice or FileStatus.Invalid or FileStatus.NotSupported))
            {
                return status;
            }
        }

        return DeleteCopied(operation, root, parent, leaf, facts);
    }

    public override FileStatus DeleteDirectory(FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf)
    {
        var status = StateOf(parent, leaf, string.Empty, out var before);
        return status != FileStatus.Ok
            ? status
            : Run(
                NewEntry(FileChangeKind.DeleteDirectory, root, parent.NameOf(leaf), before, PreImage.None, _store.NextNumber()),
                (out FileState after) =>
                {
                    after = default;
                    return base.DeleteDirectory(operation, root, parent, leaf);
                });
    }

    public override FileStatus Move(
        FileOperation operation,
        FileRoot root,
        ConfinedDirectory parent,
        string leaf,
        FileRoot targetRoot,
        ConfinedDirectory target,
        string targetLeaf,
        RenameMode mode)
    {
        var status = StateOf(parent, leaf, string.Empty, out var before);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        var number = _store.NextNumber();
        var replaced = default(FileState);
        var kept = PreImage.None;
        if (mode == RenameMode.ReplaceTarget && target.Stat(targetLeaf, out var facts) == FileStatus.Ok
            && facts.Identity != before.Identity)
        {
            kept = Keep(operation, target, targetLeaf, facts, number, out replaced);
        }

        var entry = new JournalEntry
        {
            Number = number,
            Kind = FileChangeKind.Move,
            Session = _session,
            TimeTicks = _store.Now(),
            Anchor = root.Anchor,
            Root = root.Name,
            Name = parent.NameOf(leaf),
            NewAnchor = targetRoot.Anchor,
            NewRoot = targetRoot.Name,
            NewName = target.NameOf(targetLeaf),
            Before = before,
            Replaced = replaced,
            PreImage = kept,
        };
        return Run(entry, (out FileState after) =>
        {
            var moved = base.Move(operation, root, parent, leaf, targetRoot, target, targetLeaf, mode);
            StateOf(target, targetLeaf, string.Empty, out after);
            return moved;
        });
    }

    public override FileStatus CreateDirectory(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, UnixFileMode mode) =>
        Run(
            NewEntry(FileChangeKind.CreateDirectory, root, parent.NameOf(leaf), default, PreImage.None, _store.NextNumber()),
            (out FileState after) =>
            {
                var status = base.CreateDirectory(operation, root, parent, leaf, mode);
                StateOf(parent, leaf, string.Empty, out after);
                return status;
            });

    public override FileStatus CreateLink(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, string target) =>
        Run(
            NewEntry(FileChangeKind.CreateLink, root, parent.NameOf(leaf), default, PreImage.None, _store.NextNumber()),
            (out FileState after) =>
            {
                var status = base.CreateLink(operation, root, parent, leaf, target);
                StateOf(parent, leaf, target, out after);
                return status;
            });

    public override FileStatus ChangeFacts(
        FileOperation operation, FileRoot root, ConfinedFile file, UnixFileMode? mode, long? accessTicks, long? writeTicks)
    {
        var status = file.Refresh(out var facts);
        return status != FileStatus.Ok
            ? status
            : Run(
                NewEntry(FileChangeKind.ChangeAttributes, root, file.Name, FileState.Of(facts), PreImage.None, _store.NextNumber()),
                (out FileState after) =>
                {
                    var changed = base.ChangeFacts(operation, root, file, mode, accessTicks, writeTicks);
                    after = file.Refresh(out var now) == FileStatus.Ok ? FileState.Of(now) : default;
                    return changed;
                });
    }

    private static bool IsLocked(ConfinedDirectory parent, string leaf, out string hash)
    {
        hash = string.Empty;
        if (parent.OpenFile(leaf, FileAim.Read, out var file) != FileStatus.Ok)
        {
            return true;
        }

        using (file)
        {
            return file!.Lock(FileShare.None, FileAccess.Read) != FileStatus.Ok
                || JournalBlobs.Hash(file, out hash) != FileStatus.Ok;
        }
    }

    private FileStatus MoveAside(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, in FileFacts facts, string hash)
    {
        Reserve(operation, facts.Length);
        var number = _store.NextNumber();
        var identity = facts.Identity;
        var entry = NewEntry(
            FileChangeKind.Delete, root, parent.NameOf(leaf), FileState.Of(facts, hash), PreImage.Moved, number);
        return Run(entry, (out FileState after) =>
        {
            after = default;
            var moved = parent.Rename(leaf, _store.Blobs.Folder, entry.Blob, RenameMode.KeepTarget);
            if (moved == FileStatus.Ok && _store.Blobs.Folder.Stat(entry.Blob, out var aside) == FileStatus.Ok
                && aside.Identity != identity)
            {
                // Not what was decided on: give it its name back.
                _store.Blobs.Folder.Rename(entry.Blob, parent, leaf, RenameMode.KeepTarget);
                return FileStatus.Unstable;
            }

            return moved;
        });
    }

    private FileStatus DeleteCopied(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, in FileFacts facts)
    {
        var number = _store.NextNumber();
        var kept = Keep(operation, parent, leaf, facts, number, out var before);
        return Run(
            NewEntry(FileChangeKind.Delete, root, parent.NameOf(leaf), before, kept, number),
            (out FileState after) =>
            {
                after = default;
                return base.DeleteFile(operation, root, parent, leaf);
            });
    }
}
