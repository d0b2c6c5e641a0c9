namespace LangGuard.Files;

/// <summary>Where links lead once they are somewhere else.</summary>
internal sealed partial class FileActions
{
    /// <summary>Whether a move would turn a relative link that stays beneath its root into one that leads out of it: for whoever
    /// follows links without a guard that is a door. A link that leads out already is the host's own, and stays one.</summary>
    private static bool IsLedOut(AcquiredFile from, AcquiredFile to, List<TreeEntry> tree)
    {
        if (from.Facts.Kind == FileKind.Link)
        {
            return from.Parent!.ReadLink(from.Leaf, out string text) == FileStatus.Ok && IsLedOut(text, from.Resolved, to.Resolved);
        }

        foreach (TreeEntry entry in tree)
        {
            if (entry.LinkText is { } link && IsLedOut(link, $"{from.Resolved}/{entry.Name}", $"{to.Resolved}/{entry.Name}"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLedOut(string text, string before, string after) => !Climbs(text, before) && Climbs(text, after);

    /// <summary>Whether the text of a relative link climbs above the root from where the link stands.</summary>
    private static bool Climbs(string text, string link)
    {
        if (text.StartsWith('/'))
        {
            return false;
        }

        int depth = link.AsSpan().Count('/');
        foreach (Range range in text.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = text.AsSpan()[range];
            depth += part is ".." ? -1 : part is "" or "." ? 0 : 1;
            if (depth < 0)
            {
                return true;
            }
        }

        return false;
    }
}
