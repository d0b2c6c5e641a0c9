namespace LangGuard.Permissions;

/// <summary>
/// A pattern over '/'-separated names: <c>*</c> and <c>?</c> within one part, <c>**</c> as a whole part for any number of
/// parts. A trailing <c>/**</c> covers the directory itself. Everything else is literal. The match uses two cursors and no
/// recursion; its work is at most pattern length times name length.
/// </summary>
internal sealed class Glob
{
    private const int LengthLimit = 1024;
    private readonly string[] _parts;
    private readonly bool _coversAll;

    /// <summary>The literal directory of a pattern that is a directory and everything beneath it; otherwise null.</summary>
    private readonly string? _directory;

    private Glob(string text, string[] parts)
    {
        Text = text;
        _parts = parts;
        _coversAll = parts is ["**"];
        IsLiteral = !parts.Any(HasWildcard);
        Leading = parts.Length > 0 && !HasWildcard(parts[0]) ? parts[0] : null;
        LiteralLength = parts.TakeWhile(part => !HasWildcard(part)).Sum(part => part.Length + 1);
        CoversSubtree = parts.Length > 0 && parts[^1] == "**";
        _directory = CoversSubtree && parts.Length > 1 && !parts[..^1].Any(HasWildcard) ? string.Join('/', parts[..^1]) : null;
    }

    public string Text { get; }

    /// <summary>The first part when it is literal: what the index is keyed by.</summary>
    public string? Leading { get; }

    public bool IsLiteral { get; }

    /// <summary>Whether everything beneath a matching directory matches too.</summary>
    public bool CoversSubtree { get; }

    private int LiteralLength { get; }

    public static bool TryParse(string text, out Glob? glob, out string problem)
    {
        glob = null;
        problem = Check(text);
        if (problem.Length > 0)
        {
            return false;
        }

        glob = new Glob(text, text.Split('/', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    /// <summary>Orders from the most to the least specific: exact names, longer literal beginnings, more parts, longer text.</summary>
    public static int CompareSpecificity(Glob left, Glob right)
    {
        int order = right.IsLiteral.CompareTo(left.IsLiteral);
        order = order != 0 ? order : right.LiteralLength.CompareTo(left.LiteralLength);
        order = order != 0 ? order : right._parts.Length.CompareTo(left._parts.Length);
        order = order != 0 ? order : right.Text.Length.CompareTo(left.Text.Length);
        return order != 0 ? order : string.CompareOrdinal(left.Text, right.Text);
    }

    public bool IsMatch(ReadOnlySpan<char> name, bool ignoreCase)
    {
        if (_coversAll)
        {
            return true;
        }

        if (_directory is not null && !ignoreCase)
        {
            return name.StartsWith(_directory, StringComparison.Ordinal)
                && (name.Length == _directory.Length || name[_directory.Length] == '/');
        }

        int part = 0;
        int position = 0;
        int retryPart = -1;
        int retryPosition = 0;
        while (true)
        {
            bool atEnd = position >= name.Length;
            if (part < _parts.Length && _parts[part] == "**")
            {
                if (part == _parts.Length - 1)
                {
                    return true;
                }

                retryPart = part++;
                retryPosition = position;
                continue;
            }

            if (atEnd && part == _parts.Length)
            {
                return true;
            }

            if (!atEnd && part < _parts.Length && MatchPart(_parts[part], PartAt(name, position, out int next), ignoreCase))
            {
                part++;
                position = next;
                continue;
            }

            // Only the last "**" needs to be tried again: an earlier one could not match more than it.
            if (retryPart < 0 || retryPosition >= name.Length)
            {
                return false;
            }

            _ = PartAt(name, retryPosition, out retryPosition);
            position = retryPosition;
            part = retryPart + 1;
        }
    }

    private static ReadOnlySpan<char> PartAt(ReadOnlySpan<char> name, int position, out int next)
    {
        ReadOnlySpan<char> rest = name[position..];
        int cut = rest.IndexOf('/');
        next = cut < 0 ? name.Length : position + cut + 1;
        return cut < 0 ? rest : rest[..cut];
    }

    private static bool MatchPart(string pattern, ReadOnlySpan<char> text, bool ignoreCase)
    {
        int at = 0;
        int position = 0;
        int retryAt = -1;
        int retryPosition = 0;
        while (position < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                retryAt = at++;
                retryPosition = position;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || SameCharacter(pattern[at], text[position], ignoreCase)))
            {
                at++;
                position++;
            }
            else if (retryAt >= 0)
            {
                at = retryAt + 1;
                position = ++retryPosition;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }

        return at == pattern.Length;
    }

    private static bool SameCharacter(char left, char right, bool ignoreCase) =>
        left == right || (ignoreCase && char.ToUpperInvariant(left) == char.ToUpperInvariant(right));

    private static bool HasWildcard(string part) => part.AsSpan().ContainsAny('*', '?');

    private static string Check(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "A pattern is empty.";
        }

        if (text.Length > LengthLimit)
        {
            return "A pattern is longer than 1024 characters.";
        }

        if (text.Contains('\0', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal))
        {
            return "A pattern uses '/' between parts and has no '\\' and no NUL.";
        }

        if (text.StartsWith('/'))
        {
            return "A pattern is relative to the root and does not start with '/'.";
        }

        foreach (string part in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part is "." or "..")
            {
                return "A pattern has no '.' or '..' parts.";
            }

            if (part.Contains("**", StringComparison.Ordinal) && part != "**")
            {
                return "'**' stands alone between '/'.";
            }
        }

        return string.Empty;
    }
}
