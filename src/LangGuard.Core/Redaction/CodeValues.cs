namespace LangGuard.Redaction;

/// <summary>Values that are code: what comes to a constant when the program runs, such as <c>API_KEY = os.environ["API_KEY"]</c>.
/// Only where spaces stand around the sign, which a file of environment variables has not.</summary>
internal static class CodeValues
{
    // Where programs keep what they were configured with.
    private static readonly string[] Holders =
    [
        "process", "import", "os", "env", "self", "this", "settings", "config", "cfg", "conf", "configuration", "options", "opts", "args",
        "props", "params", "request", "req", "ctx", "context", "app", "secrets", "vault", "credentials", "environment", "system",
    ];

    /// <param name="value">The value up to the next space.</param>
    /// <param name="after">The rest of its line.</param>
    /// <param name="name">The name of the setting.</param>
    internal static bool IsOne(ReadOnlySpan<char> value, ReadOnlySpan<char> after, ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> bare = value.TrimEnd(",;");
        return bare is ['/', '^', ..]
            || IsNumberOfMany(bare, value.Length, name)
            || IsCall(bare, value)
            || IsMember(bare)
            || (IsName(bare) && (OrdinaryValues.Repeats(bare, name) || after.TrimStart(" \t") is [not ('#' or ';'), ..]));
    }

    /// <summary>One of several constants: <c>WRONG_PASSWORD = 403,</c>, <c>T_STRING_TOKEN = 313</c>. A token that opens something is
    /// more than a short number.</summary>
    private static bool IsNumberOfMany(ReadOnlySpan<char> bare, int length, ReadOnlySpan<char> name) =>
        bare.Length is > 0 and <= 10 && !bare.ContainsAnyExceptInRange('0', '9')
        && (bare.Length < length || name.EndsWith("token", StringComparison.OrdinalIgnoreCase));

    /// <summary>A call or an element: a name, then a bracket with something that begins in it and ends.</summary>
    private static bool IsCall(ReadOnlySpan<char> bare, ReadOnlySpan<char> value)
    {
        int open = bare.IndexOfAny('(', '[');
        return open > 0 && open + 1 < bare.Length
            && IsPath(bare[..open], out _, out _)
            && (char.IsAsciiLetter(bare[open + 1]) || bare[open + 1] is '"' or '\'' or ')' or '_' or '&' or '$')
            && (bare[^1] is ')' or ']' or '"' or '\'' || value.Length > bare.Length);
    }

    /// <summary>A member of something: <c>settings.DB_PASSWORD</c>.</summary>
    internal static bool IsMember(ReadOnlySpan<char> bare)
    {
        if (!IsPath(bare, out ReadOnlySpan<char> first, out ReadOnlySpan<char> last) || first.Length == bare.Length)
        {
            return false;
        }

        foreach (string holder in Holders)
        {
            if (first.Equals(holder, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return OrdinaryValues.Mentions(last);
    }

    /// <summary>Names with dots between.</summary>
    private static bool IsPath(ReadOnlySpan<char> text, out ReadOnlySpan<char> first, out ReadOnlySpan<char> last)
    {
        first = default;
        last = default;
        foreach (Range range in text.Split('.'))
        {
            last = text[range].TrimEnd("?!");
            first = first.IsEmpty ? last : first;
            if (!IsName(last))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '$'))
            {
                return false;
            }
        }

        return true;
    }
}
