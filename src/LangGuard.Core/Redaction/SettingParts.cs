using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Secret settings in the middle of a line: in the query of an address, among keywords of a connection, as an option of a
/// command, in XML and in a file of logins. Only values that a person or a generator chose.</summary>
internal static class SettingParts
{
    private const int MaxValue = 512;

    /// <summary>What may stand between a name and its value.</summary>
    private const int MaxGap = 32;

    /// <summary>How far before a password the login that it belongs to is looked for.</summary>
    private const int Reach = 256;

    private static readonly SearchValues<char> EndOfPart = SearchValues.Create("&,; \t\r\n\"'<>#`");
    private static readonly SearchValues<char> EndOfWord = SearchValues.Create(" \t\r\n");

    /// <summary><c>?name=value&amp;</c>, <c>,name=value,</c>, <c>--name=value</c>, <c>host=a user=b name=value</c>.</summary>
    internal static SecretMatch InList(ReadOnlySpan<char> text, int key, int start, (int Start, int End) line)
    {
        var before = text[line.Start..key];
        if (before is not [.., '?' or '&' or ',' or ':'] && text[key..] is not ['-', '-', ..] && !IsConnection(text[line.Start..line.End], before))
        {
            return SecretMatch.None;
        }

        return Chosen(text, start, EndOfPart);
    }

    /// <summary>A block of YAML: the first line beneath <c>name: |</c>.</summary>
    internal static SecretMatch Block(ReadOnlySpan<char> text, ReadOnlySpan<char> sign, int end)
    {
        if (sign is not ['|' or '>', ..] || end >= text.Length)
        {
            return SecretMatch.None;
        }

        var window = KeyShapes.Window(text, end, Reach);
        var skip = window.IndexOfAnyExcept(" \t\r\n");
        return skip < 0 ? SecretMatch.None : Chosen(text, end + skip, EndOfWord);
    }

    /// <summary><c>&lt;name&gt;value&lt;/name&gt;</c>, <c>key="name" value="value"</c>, <c>--name value</c>, <c>ENV NAME value</c>, and
    /// <c>machine a login b password value</c>.</summary>
    internal static SecretMatch Value(ReadOnlySpan<char> text, int key, int end)
    {
        if (end < text.Length && text[end] is '"' or '\'')
        {
            return InAttributes(text, key, end);
        }

        if (key > 0 && text[key - 1] == '<' && KeyShapes.Window(text, end, 8) is [' ', 'v', 'a', 'l', 'u', 'e', '=', '"' or '\''])
        {
            return Chosen(text, end + 8, EndOfPart);
        }

        if (key > 0 && text[key - 1] == '<')
        {
            var value = end < text.Length && text[end] == '>' && !SettingShapes.IsPageToken(text[key..end])
                ? Chosen(text, end + 1, EndOfPart)
                : SecretMatch.None;
            return text[(value.Start + value.Length)..].StartsWith("</", StringComparison.Ordinal) ? value : SecretMatch.None;
        }

        if (end >= text.Length || !EndOfWord.Contains(text[end]))
        {
            return SecretMatch.None;
        }

        var before = text[Math.Max(0, key - Reach)..key];
        if (text[end] is ' ' or '\t' && IsOption(text[key..end], before))
        {
            return Chosen(text, end + 1, EndOfPart) is { Length: > 0 } option && !text.Slice(option.Start, option.Length).Contains('=')
                ? option
                : SecretMatch.None;
        }

        return before.Contains("login ", StringComparison.Ordinal)
            && (before.Contains("machine ", StringComparison.Ordinal) || before.Contains("default ", StringComparison.Ordinal))
            ? Chosen(text, end + 1, EndOfWord)
            : SecretMatch.None;
    }

    /// <summary><c>key="name" value="value"</c> and <c>key="name"&gt;value&lt;/</c>, and <c>define('NAME', 'value')</c>.</summary>
    private static SecretMatch InAttributes(ReadOnlySpan<char> text, int key, int end)
    {
        if (key == 0 || text[key - 1] != text[end] || SettingShapes.IsPageToken(text[key..end]))
        {
            return SecretMatch.None;
        }

        var after = KeyShapes.Window(text, end + 1, MaxGap);
        var skip = after.Length - after.TrimStart(" \t,").Length;
        var rest = after[skip..];
        var start = end + 1 + skip;
        if (key > 1 && text[key - 2] == '=' && rest.StartsWith("value=", StringComparison.Ordinal) && rest.Length > 6 && rest[6] is '"' or '\'')
        {
            return Chosen(text, start + 7, EndOfPart);
        }

        if (key > 1 && text[key - 2] == '=' && rest is ['>', ..])
        {
            var value = Chosen(text, start + 1, EndOfPart);
            return text[(value.Start + value.Length)..].StartsWith("</", StringComparison.Ordinal) ? value : SecretMatch.None;
        }

        return key > 1 && text[key - 2] == '(' && after is [',', ..] && rest is ['"' or '\'', ..] && SettingShapes.IsEnvironmentName(text[key..end])
            && Chosen(text, start + 1, EndOfPart) is { Length: > 0 } defined
            && !SettingShapes.IsEnvironmentName(text.Slice(defined.Start, defined.Length))
            ? defined
            : SecretMatch.None;
    }

    private static bool IsOption(ReadOnlySpan<char> name, ReadOnlySpan<char> before) =>
        (name is ['-', '-', not '-', ..] && (name is "--token" || !SettingShapes.IsPageToken(name)))
        || (SettingShapes.IsEnvironmentName(name)
            && (before.EndsWith("ENV ", StringComparison.Ordinal) || before.EndsWith("setx ", StringComparison.OrdinalIgnoreCase)
                || before.EndsWith("setenv ", StringComparison.Ordinal)));

    private static SecretMatch Chosen(ReadOnlySpan<char> text, int start, SearchValues<char> endOf)
    {
        var window = KeyShapes.Window(text, start, MaxValue);
        var length = window.IndexOfAny(endOf);
        var value = length < 0 ? window : window[..length];
        return SettingShapes.LooksChosen(value) && !SettingShapes.IsPlaceholder(value) && !OrdinaryValues.IsOne(value)
            ? SecretMatch.At(start, start + value.Length)
            : SecretMatch.None;
    }

    private static bool IsConnection(ReadOnlySpan<char> line, ReadOnlySpan<char> before) =>
        before is [.., ' ']
        && (line.Contains("user=", StringComparison.OrdinalIgnoreCase) || line.Contains("username=", StringComparison.OrdinalIgnoreCase));
}
