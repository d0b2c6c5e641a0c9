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

    /// <summary>Whether the text of a link is absolute, or climbs above the root from where the link stands.</summary>
    /// <param name="text">What the link says.</param>
    /// <param name="link">The link's own name below the root.</param>
    private static bool Climbs(string text, string link)
    {
        if (PathParser.IsAbsolute(text))
        {
            return true;
        }

        int depth = link.AsSpan().Count('/');
        foreach (Range range in text.AsSpan().Split('/'))
        {
            depth += text.AsSpan()[range] switch
            {
                ".." => -1,
                "" or "." => 0,
                _ => 1,
            };
            if (depth < 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the text of a link climbs behind a name, as <c>a/../b</c> does: what bears that name may be a link itself, now or
    /// later, and then the way up begins elsewhere.</summary>
    private static bool ClimbsBehindName(string text)
    {
        bool isBehindName = false;
        foreach (Range range in text.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = text.AsSpan()[range];
            if (part is ".." && isBehindName)
            {
                return true;
            }

            isBehindName |= part is not ("" or "." or "..");
        }

        return false;
    }
}
