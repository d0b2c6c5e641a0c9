using LangGuard.Files;
using LangGuard.Journaling;

namespace LangGuard;

/// <summary>The changes that one session tree has made to files, and the way back. A host call: it is not decided by the
/// policy and works while the session is frozen or has ended.</summary>
public sealed class SessionChanges
{
    private readonly string _id;
    private readonly Policy _policy;
    private readonly GuardSession? _session;
    private readonly JournalStore _store;

    internal SessionChanges(GuardSession session, JournalStore store)
        : this(session.Tree.Root.Id, session.Policy, store) => _session = session;

    internal SessionChanges(string sessionId, Policy policy, JournalStore store)
    {
        _id = sessionId;
        _policy = policy;
        _store = store;
    }

    /// <summary>Every change, oldest first.</summary>
    public IReadOnlyList<FileChange> All => [.. Entries().Select(ToChange)];

    /// <summary>Takes every change back, newest first. What somebody else has changed since is left as it is.</summary>
    public UndoReport<FileChange> Undo() => Undo(Entries().Where(entry => entry.State == ChangeState.Done));

    /// <summary>Takes one change back.</summary>
    /// <exception cref="ArgumentException">It is not a change of this session.</exception>
    public UndoReport<FileChange> Undo(FileChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Undo([Find(change)]);
    }

    /// <summary>What a change did to the text of a file, as removed and added lines.</summary>
    /// <exception cref="AccessDeniedException">The session may not read the file; a difference would show its content.</exception>
    /// <exception cref="ArgumentException">It is not a change of this session.</exception>
    public string Diff(FileChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var entry = Find(change);
        var target = new FileTarget(entry.Root, entry.Name, entry.Name, FilePermissions.Read) { Anchor = entry.Anchor };
        var decision = _session is null
            ? Decision.Deny(Reasons.SessionMissing)
            : _session.Policy.Decide(new FileOperation(_session.Principal, Effects.Read, target), _session);
        if (decision.Kind != DecisionKind.Allow)
        {
            throw new AccessDeniedException(decision, $"/{entry.Root}/{entry.Name}");
        }

        return TextDifference.Between(Before(entry), Now(entry));
    }

    /// <summary>Gives up undo for every change of this session, and erases what was kept for it.</summary>
    public void Commit()
    {
        foreach (var entry in Entries())
        {
            _store.Finish(entry);
        }
    }

    private IReadOnlyList<JournalEntry> Entries() => _store.EntriesOf(_id);

    private JournalEntry Find(FileChange change) =>
        Entries().FirstOrDefault(entry => entry.Number == change.Number)
        ?? throw new ArgumentException("It is not a change of this session, or it is not kept any more.", nameof(change));

    private UndoReport<FileChange> Undo(IEnumerable<JournalEntry> entries)
    {
        var undo = new JournalUndo(_store, new JournalRoots(_policy));
        var undone = new List<FileChange>();
        var refused = new List<UndoRefusal<FileChange>>();
        foreach (var entry in entries.OrderByDescending(entry => entry.Number))
        {
            if (undo.Undo(entry) is { } problem)
            {
                refused.Add(new UndoRefusal<FileChange>(ToChange(entry), problem));
            }
            else
            {
                undone.Add(ToChange(entry));
            }
        }

        return new UndoReport<FileChange>(undone, refused);
    }

    private static FileChange ToChange(JournalEntry entry) => new(
        entry.Number,
        entry.Kind,
        $"/{entry.Root}/{entry.Name}",
        entry.NewName.Length == 0 ? null : $"/{entry.NewRoot}/{entry.NewName}",
        new DateTimeOffset(entry.TimeTicks, TimeSpan.Zero),
        entry.State,
        entry.PreImage == PreImage.Copied);

    private byte[] Before(JournalEntry entry)
    {
        if (entry.PreImage is PreImage.None or PreImage.Lost || _store.Blobs.Open(entry.Blob, out var blob) != FileStatus.Ok)
        {
            return [];
        }

        using (blob)
        {
            return ReadAll(blob!);
        }
    }

    private byte[] Now(JournalEntry entry)
    {
        using var place = new JournalPlace(new JournalRoots(_policy), entry.Anchor, entry.Name);
        if (place.Facts.Kind != FileKind.File || place.Parent.OpenFile(place.Leaf, FileAim.Read, out var file) != FileStatus.Ok)
        {
            return [];
        }

        using (file)
        {
            return ReadAll(file!);
        }
    }

    private static byte[] ReadAll(ConfinedFile file)
    {
        var bytes = new byte[Math.Min(file.Facts.Length, TextDifference.MaxBytes)];
        return file.Read(bytes, 0, out var read) == FileStatus.Ok ? bytes[..read] : [];
    }
}
