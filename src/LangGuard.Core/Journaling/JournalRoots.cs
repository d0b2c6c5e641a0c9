using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>The roots of a policy by the directory they stand for. Undo and recovery act beneath them and nowhere
/// else.</summary>
internal sealed class JournalRoots
{
    private readonly Dictionary<string, FileRoot> _byAnchor = new(StringComparer.Ordinal);

    internal JournalRoots(Policy policy)
    {
        foreach (var options in policy.Options.LimitPermissions.Files.Values)
        {
            if (options.Opened is { } root)
            {
                _byAnchor[root.Anchor] = root;
            }
        }
    }

    /// <summary>Opens the directory that holds a journalled name. The name is resolved anew beneath the root, so that a link
    /// planted since then does not lead out of it.</summary>
    internal FileStatus OpenParent(string anchor, string name, out ConfinedDirectory? parent, out string leaf)
    {
        parent = null;
        leaf = string.Empty;
        return _byAnchor.TryGetValue(anchor, out var root)
            ? root.Confined.OpenParent(name, followLast: false, out parent, out leaf, out _)
            : FileStatus.Outside;
    }

    internal bool Has(string anchor) => _byAnchor.ContainsKey(anchor);
}
