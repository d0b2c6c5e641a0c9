using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>The changes of one session, each written to the journal before it is made.</summary>
internal sealed partial class JournaledFileChanges : FileChanges
{
    private readonly JournalStore _store;
    private readonly string _session;

    internal JournaledFileChanges(GuardSession session, JournalStore store)
    {
        _store = store;
        _session = session.Tree.Root.Id;
        store.Register(session.Tree.Root);
    }

    private delegate FileStatus Change(out FileState after);

    /// <summary>Opens the directory in which a file has its name, and makes sure that it is still that file: the handle may
    /// be older than a change that moved the file aside.</summary>
    private static FileStatus Locate(
        FileRoot root, ConfinedFile file, out ConfinedDirectory? parent, out string leaf, out FileFacts facts)
    {
        facts = default;
        var status = root.Confined.OpenParent(file.Name, followLast: false, out parent, out leaf, out _);
        if (status == FileStatus.Ok)
        {
            status = parent!.Stat(leaf, out facts);
            if (status == FileStatus.Ok && facts.Identity != file.Facts.Identity)
            {
                status = FileStatus.Unstable;
            }
        }

        if (status != FileStatus.Ok)
        {
            parent?.Dispose();
            parent = null;
        }

        return status;
    }

    private JournalEntry NewEntry(
        FileChangeKind kind, FileRoot root, string name, in FileState before, PreImage preImage,
        long number, FileIdentity prepared = default) => new()
    {
        Number = number,
        Kind = kind,
        Session = _session,
        TimeTicks = _store.Now(),
        Anchor = root.Anchor,
        Root = root.Name,
        Name = name,
        Before = before,
        PreImage = preImage,
        Prepared = prepared,
    };

    /// <summary>Writes the begin, makes the change, writes the end.</summary>
    private FileStatus Run(JournalEntry entry, Change change)
    {
        _store.Begin(entry);
        var status = change(out var after);
        _store.Step(
            entry, JournalStep.End, status == FileStatus.Ok ? ChangeState.Done : ChangeState.Aborted, after);
        if (status != FileStatus.Ok && entry.PreImage == PreImage.Copied)
        {
            _store.Blobs.Remove(entry.Blob);
        }

        return status;
    }

    /// <summary>Room for a pre-image of this size, or a denial.</summary>
    private void Reserve(Operation operation, long bytes)
    {
        if (!_store.TryReserve(bytes))
        {
            throw new AccessDeniedException(Decision.Deny(JournalReasons.Full), operation);
        }
    }

    /// <summary>Copies what is about to be lost. Too large is a denial, unless the policy does not insist on undo.</summary>
    private PreImage Keep(
        Operation operation, ConfinedDirectory parent, string leaf, in FileFacts facts, long number, out FileState before)
    {
        before = FileState.Of(facts);
        if (facts.Length > _store.Options.MaxCopyBytes)
        {
            return _store.Options.UnguardedWithoutUndo
                ? PreImage.Lost
                : throw new AccessDeniedException(Decision.Deny(JournalReasons.NotRecoverable), operation);
        }

        Reserve(operation, facts.Length);
        var blob = number.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        var status = parent.OpenFile(leaf, FileAim.Read, out var source);
        if (status == FileStatus.Ok)
        {
            using (source)
            {
                if (source!.Facts.Identity == facts.Identity && _store.Blobs.Copy(source, blob, out var hash) == FileStatus.Ok)
                {
                    before = FileState.Of(source.Facts, hash);
                    return PreImage.Copied;
                }
            }
        }

        _store.Return(facts.Length);
        return _store.Options.UnguardedWithoutUndo
            ? PreImage.Lost
            : throw new AccessDeniedException(Decision.Deny(JournalReasons.NotRecoverable), operation);
    }

    private static FileStatus StateOf(ConfinedDirectory parent, string leaf, string hash, out FileState state)
    {
        var status = parent.Stat(leaf, out var facts);
        state = status == FileStatus.Ok ? FileState.Of(facts, hash) : default;
        return status;
    }
}
