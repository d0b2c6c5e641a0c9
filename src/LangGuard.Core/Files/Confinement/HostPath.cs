namespace LangGuard.Files;

/// <summary>An absolute path of the host, split into parts. Compared part by part, never by prefix of text.</summary>
internal sealed class HostPath
{
    private readonly string[] _parts;

    public HostPath(string text)
    {
        Text = text;
        _parts = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
    }

    public string Text { get; }

    private static char[] Separators => OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    private static StringComparison Comparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>
    /// Tells whether <paramref name="path"/> starts with all parts of this path, and where the rest begins. Empty and "."
    /// parts are skipped; a ".." among them ends the match, because the text then no longer says where it leads.
    /// </summary>
    public bool IsPrefixOf(ReadOnlySpan<char> path, out int rest)
    {
        rest = 0;
        int next = 0;
        while (next < _parts.Length)
        {
            ReadOnlySpan<char> part = TakePart(path, ref rest);
            if (part.IsEmpty && rest >= path.Length)
            {
                return false;
            }

            if (part.IsEmpty || part is ".")
            {
                continue;
            }

            if (!part.Equals(_parts[next], Comparison))
            {
                return false;
            }

            next++;
        }

        return true;
    }

    /// <summary>Whether the other path is this one or lies beneath it.</summary>
    public bool Contains(HostPath other)
    {
        if (other._parts.Length < _parts.Length)
        {
            return false;
        }

        for (int i = 0; i < _parts.Length; i++)
        {
            if (!string.Equals(_parts[i], other._parts[i], Comparison))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The rest of a path that this one contains, '/'-separated.</summary>
    public string RelativeOf(HostPath other) => string.Join('/', other._parts, _parts.Length, other._parts.Length - _parts.Length);

    private static ReadOnlySpan<char> TakePart(ReadOnlySpan<char> path, ref int position)
    {
        int start = position;
        while (position < path.Length && !IsSeparator(path[position]))
        {
            position++;
        }

        ReadOnlySpan<char> part = path[start..position];
        if (position < path.Length)
        {
            position++;
        }

        return part;
    }

    private static bool IsSeparator(char c) => c == '/' || (c == '\\' && OperatingSystem.IsWindows());

    /// <summary>Puts the parts of what a link says before those that are still to be walked, the first on top.</summary>
    public static void Push(Stack<string> ahead, ReadOnlySpan<char> path)
    {
        while (!path.IsEmpty)
        {
            int cut = path.LastIndexOf('/');
            ReadOnlySpan<char> part = path[(cut + 1)..];
            if (!part.IsEmpty && part is not ".")
            {
                ahead.Push(part.ToString());
            }

            path = cut < 0 ? [] : path[..cut];
        }
    }
}
