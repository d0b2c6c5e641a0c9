using System.Buffers;

namespace LangGuard.Permissions;

/// <summary>Names that editors, tools and people give to a copy of a file that lies beside it.</summary>
internal static class BackupNames
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(". -_(");

    private static readonly SensitiveNames Endings = new(
    [
        (FilePermissions.Read, "bak backup bk old orig original save saved prev previous copy tmp temp new lock swp swo swn 1 2 3"),
    ]);

    /// <summary>Whether any part has such a name.</summary>
    public static bool AreIn(ReadOnlySpan<char> name)
    {
        while (!name.IsEmpty)
        {
            int cut = name.IndexOf('/');
            ReadOnlySpan<char> part = cut < 0 ? name : name[..cut];
            if (Original(part).Length != part.Length)
            {
                return true;
            }

            name = cut < 0 ? [] : name[(cut + 1)..];
        }

        return false;
    }

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

        int cut = rest.LastIndexOfAny(Separators);
        if (cut > 0)
        {
            ReadOnlySpan<char> ending = rest[(cut + 1)..].TrimEnd(')');
            if (Endings.Match(ending, ending) != FilePermissions.None)
            {
                rest = rest[..cut].TrimEnd(" -_(");

                // Vim puts a dot before the name of a swap file that has none.
                rest = rest.StartsWith(".id_", StringComparison.OrdinalIgnoreCase) ? rest[1..] : rest;
            }
        }

        return rest.IsEmpty ? part : rest;
    }
}
