namespace LangGuard.Permissions;

/// <summary>Names that editors, tools and people give to a copy of a file that lies beside it.</summary>
internal static class BackupNames
{
    private const int LongestEnding = 8;

    private static readonly SensitiveNames Endings = new(
    [
        (FilePermissions.Read, "bak backup bk old orig original save saved prev previous copy tmp temp new lock swp swo swn 1 2 3"),
    ]);

    /// <summary>Whether one part of a name is such a name.</summary>
    public static bool IsOne(ReadOnlySpan<char> part) => Original(part).Length != part.Length;

    /// <summary>Writes the name with every such part as it was before; at most as long. Returns the length.</summary>
    public static int WriteOriginals(ReadOnlySpan<char> name, Span<char> to)
    {
        int length = 0;
        while (!name.IsEmpty)
        {
            int cut = name.IndexOf('/');
            ReadOnlySpan<char> original = Original(cut < 0 ? name : name[..cut]);
            original.CopyTo(to[length..]);
            length += original.Length;
            if (cut >= 0)
            {
                to[length++] = '/';
            }

            name = cut < 0 ? [] : name[(cut + 1)..];
        }

        return length;
    }

    private static ReadOnlySpan<char> Original(ReadOnlySpan<char> part)
    {
        ReadOnlySpan<char> rest = part.TrimEnd('~');
        if (rest.Length > 2 && rest[0] == '#' && rest[^1] == '#')
        {
            rest = rest[1..^1];
        }

        // Emacs marks a file in use so.
        if (rest.StartsWith(".#"))
        {
            rest = rest[2..];
        }

        int cut = Separator(rest, out ReadOnlySpan<char> ending);
        if (cut > 0 && Endings.Match(ending, ending) != FilePermissions.None)
        {
            rest = rest[..cut].TrimEnd(" -_(");

            // Vim puts a dot before the name of a swap file that has none.
            rest = rest.StartsWith(".id_", StringComparison.OrdinalIgnoreCase) ? rest[1..] : rest;
        }

        return rest.IsEmpty ? part : rest;
    }

    /// <summary>Where the last word of a part is cut off, or -1 when it is none or too long to be an ending.</summary>
    private static int Separator(ReadOnlySpan<char> part, out ReadOnlySpan<char> ending)
    {
        ReadOnlySpan<char> named = part.TrimEnd(')');
        int last = Math.Max(named.Length - 1 - LongestEnding, 0);
        for (int at = named.Length - 1; at >= last; at--)
        {
            if (named[at] is '.' or ' ' or '-' or '_' or '(')
            {
                ending = named[(at + 1)..];
                return at;
            }
        }

        ending = default;
        return -1;
    }
}
