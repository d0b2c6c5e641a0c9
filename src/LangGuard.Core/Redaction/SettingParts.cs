using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Secret settings in the middle of a line: in the query of an address, among keywords of a connection, as an option of a
/// command, in XML and in a file of logins. Only values that a person or a generator chose.</summary>
internal static class SettingParts
{
    private const int MaxValue = 512;

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

    /// <summary><c>&lt;name&gt;value&lt;/name&gt;</c>, and <c>machine a login b password value</c>.</summary>
    internal static SecretMatch Value(ReadOnlySpan<char> text, int key, int end)
    {
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
        return before.Contains("login ", StringComparison.Ordinal)
            && (before.Contains("machine ", StringComparison.Ordinal) || before.Contains("default ", StringComparison.Ordinal))
            ? Chosen(text, end + 1, EndOfWord)
            : SecretMatch.None;
    }

    private static SecretMatch Chosen(ReadOnlySpan<char> text, int start, SearchValues<char> endOf)
    {
        var window = KeyShapes.Window(text, start, MaxValue);
        var length = window.IndexOfAny(endOf);
        var value = length < 0 ? window : window[..length];
        return SettingShapes.LooksChosen(value) && !SettingShapes.IsPlaceholder(value)
            ? SecretMatch.At(start, start + value.Length)
            : SecretMatch.None;
    }

    private static bool IsConnection(ReadOnlySpan<char> line, ReadOnlySpan<char> before) =>
        before is [.., ' ']
        && line.Contains("host=", StringComparison.OrdinalIgnoreCase)
        && line.Contains("user=", StringComparison.OrdinalIgnoreCase);
}
