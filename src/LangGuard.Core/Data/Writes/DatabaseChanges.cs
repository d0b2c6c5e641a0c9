using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>The changes that one session tree has made to the rows of a database, and the way back. A host call: it is not
/// decided by the policy and works while the session is frozen or has ended.</summary>
/// <remarks>Kept in memory for as long as the session object is referenced; a process that ends takes them with it.</remarks>
public sealed class DatabaseChanges
{
    private readonly DatabaseEngine _engine;
    private readonly DatabaseScope _scope;
    private readonly DatabaseJournal _journal;

    internal DatabaseChanges(DatabaseEngine engine, DatabaseScope scope, DatabaseJournal journal)
    {
        _engine = engine;
        _scope = scope;
        _journal = journal;
    }

    /// <summary>Every change, oldest first.</summary>
    public IReadOnlyList<DatabaseChange> All => [.. _journal.Entries.Select(entry => entry.ToChange())];

    /// <summary>Takes every change back, newest first. Rows that somebody else has changed since are left as they are, and the
    /// change stays in the list.</summary>
    public UndoReport<DatabaseChange> Undo() => Undo(_journal.Entries.Where(entry => entry.State != ChangeState.Undone));

    /// <summary>Takes one change back, all its rows or none.</summary>
    /// <exception cref="ArgumentException">It is not a change of this session.</exception>
    public UndoReport<DatabaseChange> Undo(DatabaseChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Undo([
            _journal.Entries.FirstOrDefault(entry => entry.Number == change.Number)
                ?? throw new ArgumentException("It is not a change of this session, or it is not kept any more.", nameof(change)),
        ]);
    }

    /// <summary>Gives up undo for every change of this session, and erases what was kept for it.</summary>
    public void Commit()
    {
        foreach (var entry in _journal.Entries)
        {
            _journal.Remove(entry);
        }
    }

    private UndoReport<DatabaseChange> Undo(IEnumerable<DatabaseJournalEntry> entries)
    {
        var undone = new List<DatabaseChange>();
        var refused = new List<UndoRefusal<DatabaseChange>>();
        foreach (var entry in entries.OrderByDescending(entry => entry.Number).ToList())
        {
            if (new RowUndo(_engine, _scope, entry).Run() is { } problem)
            {
                refused.Add(new UndoRefusal<DatabaseChange>(entry.ToChange(), problem));
            }
            else
            {
                undone.Add(entry.ToChange());
            }
        }

        return new UndoReport<DatabaseChange>(undone, refused);
    }
}
