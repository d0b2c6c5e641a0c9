using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>A journalled name as it is now: the directory that holds it, and what stands there.</summary>
internal sealed class JournalPlace : IDisposable
{
    private readonly ConfinedDirectory? _parent;
    private readonly string _leaf;

    internal JournalPlace(JournalRoots roots, string anchor, string name)
    {
        Status = roots.OpenParent(anchor, name, out _parent, out _leaf);
        Refresh();
    }

    /// <summary>Whether the directory could be opened.</summary>
    internal FileStatus Status { get; }

    internal FileFacts Facts { get; private set; }

    internal bool IsFree => Status == FileStatus.Ok && Facts.Kind == FileKind.Missing;

    internal ConfinedDirectory Parent => _parent!;

    internal string Leaf => _leaf;

    internal bool Holds(FileIdentity identity) => Facts.Kind != FileKind.Missing && Facts.Identity == identity;

    /// <summary>Whether what stands here is what the journal says, content included.</summary>
    internal bool IsStill(in FileState state) => Holds(state.Identity) && state.IsStill(Facts, ContentHash(state));

    internal void Refresh()
    {
        Facts = Status == FileStatus.Ok && _parent!.Stat(_leaf, out var facts) == FileStatus.Ok ? facts : default;
    }

    public void Dispose() => _parent?.Dispose();

    private string ContentHash(in FileState state)
    {
        if (state.Hash.Length == 0 || Facts.Kind != FileKind.File)
        {
            return state.Kind == FileKind.Link && _parent!.ReadLink(_leaf, out var text) == FileStatus.Ok ? text : string.Empty;
        }

        if (_parent!.OpenFile(_leaf, FileAim.Read, out var file) != FileStatus.Ok)
        {
            return string.Empty;
        }

        using (file)
        {
            return JournalBlobs.Hash(file!, out var hash) == FileStatus.Ok ? hash : string.Empty;
        }
    }
}
