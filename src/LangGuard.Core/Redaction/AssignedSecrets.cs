using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Secrets that stand in code and in notes: a chosen text given to a variable, an entry or an argument whose name ends with one
/// of the words, and a password beside a login in a sentence.</summary>
internal static class AssignedSecrets
{
    private const int MaxValue = 256;

    /// <summary>What a line of code has and a note has not.</summary>
    private static readonly SearchValues<char> OfCode = SearchValues.Create("{}()[]<>;=`$\"");

    private static readonly string[] InNotes = ["password", "passwd", "passphrase", "pwd", "kennwort", "passwort"];

    /// <summary>The length of a sign of assignment other than <c>=</c> and <c>:</c>, or 0.</summary>
    internal static int Sign(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && ((text[at] == ':' && text[at + 1] == '=') || (text[at] == '=' && text[at + 1] == '>')) ? 2 : 0;

    /// <summary><c>password = "value"</c>, <c>password := `value`</c>, <c>'password' =&gt; 'value'</c>.</summary>
    internal static SecretMatch Find(ReadOnlySpan<char> text, (int Start, int End) key, int from)
    {
        while (from < text.Length && text[from] is ' ' or '\t')
        {
            from++;
        }

        if (from >= text.Length || text[from] is not ('"' or '\'' or '`'))
        {
            return SecretMatch.None;
        }

        var name = text[key.Start..key.End];
        var window = KeyShapes.Window(text, from + 1, MaxValue);
        var end = window.IndexOf(text[from]);
        if (end <= 0 || SettingShapes.IsPageToken(name))
        {
            return SecretMatch.None;
        }

        var value = window[..end];
        return SettingShapes.LooksChosen(value) && !value.ContainsAny(" \t\r\n") && !SettingShapes.IsPlaceholder(value)
            && !OrdinaryValues.IsOne(value) && !OrdinaryValues.IsAbout(value, name) && !CodeValues.IsMember(value)
            ? SecretMatch.At(from + 1, from + 1 + end)
            : SecretMatch.None;
    }

    /// <summary><c>Login: ada, password: value</c> in a line that is no code.</summary>
    internal static SecretMatch InNote(ReadOnlySpan<char> text, (int Start, int End) key, int start, (int Start, int End) line)
    {
        if (start >= line.End || text[line.Start..line.End].ContainsAny(OfCode) || !IsNoted(text[key.Start..key.End]))
        {
            return SecretMatch.None;
        }

        var rest = text[start..line.End];
        var value = (rest.IndexOfAny(' ', '\t') is var stop and >= 0 ? rest[..stop] : rest).TrimEnd(".,");
        return SettingShapes.LooksChosen(value) && value.ContainsAnyInRange('0', '9') && value.ContainsAnyExceptInRange('0', '9')
            && !SettingShapes.IsPlaceholder(value) && !OrdinaryValues.IsOne(value)
            ? SecretMatch.At(start, start + value.Length)
            : SecretMatch.None;
    }

    /// <summary><c>curl --user login:password</c>.</summary>
    internal static SecretMatch Login(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        if (!text[Math.Max(0, at - MaxValue)..at].Contains("curl", StringComparison.Ordinal))
        {
            return SecretMatch.None;
        }

        var start = at + anchorLength;
        var login = KeyShapes.Window(text, start, MaxValue);
        login = login.IndexOfAny(" \t\r\n") is var stop and >= 0 ? login[..stop] : login;
        login = login.TrimEnd("\"'");
        var colon = login.IndexOf(':');
        return colon > 0 && SettingShapes.LooksChosen(login[(colon + 1)..]) && !SettingShapes.IsPlaceholder(login[(colon + 1)..])
            ? SecretMatch.At(start + colon + 1, start + login.Length)
            : SecretMatch.None;
    }

    /// <summary>Whether a name ends with the short word, which many words end with: then its value has to look chosen too.</summary>
    internal static bool IsPass(ReadOnlySpan<char> name) => name.EndsWith("pass", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value behind the short word is a password: <c>pass: 100.00%</c> and <c>"pass": "12 of 12"</c> are none.</summary>
    internal static bool IsPass(ReadOnlySpan<char> value, bool hasSign) => hasSign && SettingShapes.LooksChosen(value) && !value.Contains(' ');

    private static bool IsNoted(ReadOnlySpan<char> name)
    {
        foreach (var word in InNotes)
        {
            if (name.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
