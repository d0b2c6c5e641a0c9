using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>Takes changes back, one at a time. Each is refused when somebody else has changed the file since.</summary>
internal sealed class JournalUndo(JournalStore store, JournalRoots roots)
{
    /// <summary>Takes one change back. Null when it was, else why not.</summary>
    internal string? Undo(JournalEntry entry)
    {
        if (entry.State != ChangeState.Done)
        {
            return $"The change is {entry.State}.";
        }

        if (entry.PreImage == PreImage.Lost)
        {
            return "What it replaced was too large to keep.";
        }

        using var place = new JournalPlace(roots, entry.Anchor, entry.Name);
        using var target = entry.Kind == FileChangeKind.Move ? new JournalPlace(roots, entry.NewAnchor, entry.NewName) : null;
        if (place.Status != FileStatus.Ok || target is { Status: not FileStatus.Ok })
        {
            return "Its directory is gone, or is not beneath a root of this policy any more.";
        }

        if (Drift(entry, place, target) is { } drift)
        {
            return drift;
        }

        store.Step(entry, JournalStep.UndoBegin, ChangeState.Open, entry.After);
        var status = Restore(entry, place, target);
        store.Step(
            entry, JournalStep.Undone, status == FileStatus.Ok ? ChangeState.Undone : ChangeState.Done, entry.After);
        if (status == FileStatus.Ok)
        {
            store.Return(entry.Bytes);
        }

        return status == FileStatus.Ok ? null : $"The file system refused ({status}).";
    }

    /// <summary>Brings back what stood at the name before, whatever stands there now. Can be repeated after a crash.</summary>
    internal FileStatus Restore(JournalEntry entry, JournalPlace place, JournalPlace? target)
    {
        switch (entry.Kind)
        {
            case FileChangeKind.Create or FileChangeKind.CreateLink:
                return place.IsFree ? FileStatus.Ok : place.Parent.RemoveFile(place.Leaf);
            case FileChangeKind.CreateDirectory:
                return place.IsFree ? FileStatus.Ok : place.Parent.RemoveDirectory(place.Leaf);
            case FileChangeKind.Append:
                return Truncate(place, entry.Before);
            case FileChangeKind.Overwrite or FileChangeKind.Modify:
                return entry.PreImage == PreImage.Moved ? ExchangeBack(entry, place) : CopyBack(entry, place);
            case FileChangeKind.Delete when entry.Before.Kind == FileKind.Link:
                return place.IsFree ? place.Parent.CreateLink(place.Leaf, entry.Before.Hash) : FileStatus.Ok;
            case FileChangeKind.Delete:
                return entry.PreImage == PreImage.Moved
                    ? MoveBack(entry, place)
                    : CreateFromBlob(entry, place, entry.Before);
            case FileChangeKind.DeleteDirectory:
                return place.IsFree ? place.Parent.CreateDirectory(place.Leaf, entry.Before.Mode) : FileStatus.Ok;
            case FileChangeKind.Move:
                return Unmove(entry, place, target!);
            case FileChangeKind.ChangeAttributes:
                return SetFacts(place, entry.Before);
            default:
                return FileStatus.NotSupported;
        }
    }

    private static FileStatus Truncate(JournalPlace place, in FileState before)
    {
        var status = place.Parent.OpenFile(place.Leaf, FileAim.Write, out var file);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = file!.SetLength(before.Length);
            return status == FileStatus.Ok ? file.SetTimes(null, before.WriteTicks) : status;
        }
    }

    private static FileStatus SetFacts(JournalPlace place, in FileState before)
    {
        var aim = before.Kind == FileKind.Directory ? FileAim.Read : FileAim.Read;
        var status = place.Parent.OpenFile(place.Leaf, aim, out var file);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = file!.SetMode(before.Mode);
            return status == FileStatus.Ok ? file.SetTimes(null, before.WriteTicks) : status;
        }
    }

    private string? Drift(JournalEntry entry, JournalPlace place, JournalPlace? target)
    {
        const string changed = "Somebody has changed it since.";
        const string taken = "Something else has the name now.";
        const string spoilt = "What it replaced is not what it was.";
        switch (entry.Kind)
        {
            case FileChangeKind.Delete or FileChangeKind.DeleteDirectory when !place.IsFree:
                return taken;
            case FileChangeKind.Move when !place.IsFree:
                return taken;
            case FileChangeKind.Move when !target!.Holds(entry.Before.Identity):
                return changed;
            case FileChangeKind.Delete or FileChangeKind.DeleteDirectory or FileChangeKind.Move:
                break;
            case FileChangeKind.CreateDirectory when !place.Holds(entry.After.Identity):
                return changed;
            case FileChangeKind.CreateDirectory or FileChangeKind.ChangeAttributes when place.Holds(entry.After.Identity):
                break;
            default:
                if (!place.IsStill(entry.After))
                {
                    return changed;
                }

                break;
        }

        return entry.PreImage is PreImage.Moved or PreImage.Copied && !IsWhole(entry) ? spoilt : null;
    }

    /// <summary>Whether the pre-image is what it was when it was put aside.</summary>
    private bool IsWhole(JournalEntry entry)
    {
        var expected = entry.Kind == FileChangeKind.Move ? entry.Replaced : entry.Before;
        if (store.Blobs.Open(entry.Blob, out var blob) != FileStatus.Ok)
        {
            return false;
        }

        using (blob)
        {
            return blob!.Facts.Length == expected.Length
                && (entry.PreImage == PreImage.Copied || blob.Facts.Identity == expected.Identity)
                && JournalBlobs.Hash(blob, out var hash) == FileStatus.Ok
                && string.Equals(hash, expected.Hash, StringComparison.Ordinal);
        }
    }

    private FileStatus ExchangeBack(JournalEntry entry, JournalPlace place)
    {
        if (place.Holds(entry.Before.Identity))
        {
            return FileStatus.Ok;
        }

        var status = store.Blobs.Folder.Rename(entry.Blob, place.Parent, place.Leaf, RenameMode.Exchange);
        if (status == FileStatus.Ok)
        {
            store.Blobs.Remove(entry.Blob);
        }

        return status;
    }

    private FileStatus CopyBack(JournalEntry entry, JournalPlace place)
    {
        var status = place.Parent.OpenFile(place.Leaf, FileAim.Write, out var file);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = CopyFromBlob(entry, file!, entry.Before);
        }

        if (status == FileStatus.Ok)
        {
            store.Blobs.Remove(entry.Blob);
        }

        return status;
    }

    private FileStatus MoveBack(JournalEntry entry, JournalPlace place) => place.IsFree
        ? store.Blobs.Folder.Rename(entry.Blob, place.Parent, place.Leaf, RenameMode.KeepTarget)
        : FileStatus.Ok;

    private FileStatus Unmove(JournalEntry entry, JournalPlace place, JournalPlace target)
    {
        if (place.IsFree)
        {
            var status = target.Parent.Rename(target.Leaf, place.Parent, place.Leaf, RenameMode.KeepTarget);
            if (status != FileStatus.Ok)
            {
                return status;
            }
        }

        target.Refresh();
        return entry.PreImage == PreImage.None || !target.IsFree
            ? FileStatus.Ok
            : CreateFromBlob(entry, target, entry.Replaced);
    }

    private FileStatus CreateFromBlob(JournalEntry entry, JournalPlace place, in FileState before)
    {
        if (!place.IsFree)
        {
            return FileStatus.Ok;
        }

        var status = place.Parent.CreateFile(place.Leaf, FileAim.Write, before.Mode, out var file);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = CopyFromBlob(entry, file!, before);
        }

        if (status == FileStatus.Ok)
        {
            store.Blobs.Remove(entry.Blob);
        }
        else
        {
            place.Parent.RemoveFile(place.Leaf);
        }

        return status;
    }

    private FileStatus CopyFromBlob(JournalEntry entry, ConfinedFile file, in FileState before)
    {
        var status = store.Blobs.Open(entry.Blob, out var blob);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (blob)
        {
            status = JournalBlobs.Copy(blob!, file, out _);
        }

        if (status == FileStatus.Ok)
        {
            status = file.SetMode(before.Mode);
        }

        return status == FileStatus.Ok ? file.SetTimes(null, before.WriteTicks) : status;
    }
}
