using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>Brings every file whose change was cut off by a crash to its old or its new content, never between.</summary>
internal sealed class JournalRecovery(JournalStore store, JournalRoots roots)
{
    // The file system's clock lags behind the process's by up to a tick of the kernel.
    private const long ClockSlack = TimeSpan.TicksPerMillisecond * 50;

    private readonly JournalUndo _undo = new(store, roots);

    /// <summary>Ends every change that was cut off. What lies beneath a root that this policy does not have stays open, with
    /// its pre-image, until a policy that has the root comes.</summary>
    internal void Run()
    {
        foreach (var entry in store.Unfinished.OrderByDescending(entry => entry.Number))
        {
            if (roots.Has(entry.Anchor) && (entry.NewAnchor.Length == 0 || roots.Has(entry.NewAnchor)))
            {
                Recover(entry);
            }
        }
    }

    private void Recover(JournalEntry entry)
    {
        using var place = new JournalPlace(roots, entry.Anchor, entry.Name);
        using var target = entry.Kind == FileChangeKind.Move ? new JournalPlace(roots, entry.NewAnchor, entry.NewName) : null;
        if (place.Status != FileStatus.Ok || target is { Status: not FileStatus.Ok })
        {
            // The directory is gone: there is nothing left that could be partial.
            store.Step(entry, JournalStep.End, ChangeState.Aborted, entry.After);
            return;
        }

        var (state, after) = entry.Kind switch
        {
            FileChangeKind.Create => Created(entry, place),
            FileChangeKind.Append => Rolled(entry, place, place.Holds(entry.Before.Identity) && place.Facts.Length > entry.Before.Length),
            FileChangeKind.Overwrite when entry.PreImage == PreImage.Moved => Exchanged(entry, place),
            FileChangeKind.Overwrite or FileChangeKind.Modify => Rolled(
                entry, place, place.Holds(entry.Before.Identity) && !place.IsStill(entry.Before)),
            FileChangeKind.Delete or FileChangeKind.DeleteDirectory => Deleted(entry, place),
            FileChangeKind.Move => Moved(entry, place, target!),
            _ => (place.IsFree ? ChangeState.Aborted : ChangeState.Done, FileState.Of(place.Facts)),
        };
        if (state == ChangeState.Aborted)
        {
            store.Blobs.Remove(entry.Blob);
        }

        store.Step(entry, JournalStep.End, state, after);
    }

    /// <summary>A file that was not finished goes: before it there was nothing.</summary>
    private static (ChangeState State, FileState After) Created(JournalEntry entry, JournalPlace place)
    {
        var isOurs = entry.After.Identity.IsKnown
            ? place.Holds(entry.After.Identity)
            : place.Facts is { Kind: FileKind.File, Length: 0 } && place.Facts.ChangeTicks >= entry.TimeTicks - ClockSlack;
        if (isOurs)
        {
            place.Parent.RemoveFile(place.Leaf);
        }

        return (ChangeState.Aborted, default);
    }

    private (ChangeState State, FileState After) Rolled(JournalEntry entry, JournalPlace place, bool isPartial)
    {
        if (!isPartial)
        {
            return (ChangeState.Aborted, default);
        }

        if (entry.PreImage == PreImage.Lost)
        {
            return (ChangeState.Final, default);
        }

        return _undo.Restore(entry, place, null) == FileStatus.Ok
            ? (ChangeState.Aborted, default)
            : (ChangeState.Open, entry.After);
    }

    private (ChangeState State, FileState After) Exchanged(JournalEntry entry, JournalPlace place)
    {
        var isAside = store.Blobs.Folder.Stat(entry.Blob, out var blob) == FileStatus.Ok
            && blob.Identity == entry.Before.Identity;
        return isAside && !place.Holds(entry.Before.Identity)
            ? (ChangeState.Done, entry.After)
            : (ChangeState.Aborted, default);
    }

    private static (ChangeState State, FileState After) Deleted(JournalEntry entry, JournalPlace place) =>
        (place.Holds(entry.Before.Identity) ? ChangeState.Aborted : ChangeState.Done, default);

    private static (ChangeState State, FileState After) Moved(JournalEntry entry, JournalPlace place, JournalPlace target) =>
        target.Holds(entry.Before.Identity) && !place.Holds(entry.Before.Identity)
            ? (ChangeState.Done, FileState.Of(target.Facts))
            : (ChangeState.Aborted, default);
}
