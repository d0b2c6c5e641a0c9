using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Passwords in connection strings, URLs, environment files, JSON and settings files. Code that only names a
/// password, such as <c>password = Ask()</c>, is left alone.</summary>
internal static class SettingShapes
{
    /// <summary>How far around the word its line is looked at.</summary>
    private const int Reach = 256;

    private const int MaxKey = 64;

    internal static readonly string[] Words =
    [
        "password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "api_key", "api-key", "apikey", "access_key",
        "accesskey", "private_key", "privatekey", "account_key", "encryption_key", "signing_key", "app_key",
    ];

    internal static readonly SearchValues<char> Chosen = SearchValues.Create("0123456789!@#%^&*");

    private static readonly SearchValues<char> EndOfAuthority = SearchValues.Create(" \t\r\n/?#\"'<>`|");
    private static readonly SearchValues<char> Syntax = SearchValues.Create("()[]{}<>;,");
    private static readonly SearchValues<char> Masked = SearchValues.Create("*xX.-_ ");
    private static readonly SearchValues<char> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static readonly string[] CredentialTokens =
        ["access", "refresh", "auth", "bearer", "api", "secret", "bot", "id_", "idtoken", "session", "bearer"];

    private static readonly string[] ConnectionWords =
        ["server", "host", "data source", "user id", "uid", "username", "user", "database", "initial catalog", "endpoint"];

    /// <summary>The password of <c>scheme://user:password@host</c>.</summary>
    internal static SecretMatch UrlPassword(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        if (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
        {
            return SecretMatch.None;
        }

        var from = at + anchorLength;
        var authority = KeyShapes.Window(text, from, Reach);
        var stop = authority.IndexOfAny(EndOfAuthority);
        authority = stop < 0 ? authority : authority[..stop];
        var host = authority.LastIndexOf('@');
        var colon = authority.IndexOf(':');
        return colon >= 0 && host > colon + 1 && authority[(colon + 1)..host] is var password
            && !IsPlaceholder(password) && !OrdinaryValues.IsInManuals(password)
            ? SecretMatch.At(from + colon + 1, from + host)
            : SecretMatch.None;
    }

    /// <summary>The value of a setting whose name ends with one of the words.</summary>
    internal static SecretMatch Setting(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        var key = Key(text, at, at + anchorLength);
        if (!IsLastWord(text[(at + anchorLength)..key.End]) || (anchorLength == 4 && !IsWord(text, key.Start, at)))
        {
            return SecretMatch.None;
        }

        var separator = Skip(text, key.End, " \t\"'\\", 4);
        if (AssignedSecrets.Sign(text, separator) is var assigned and > 0)
        {
            return AssignedSecrets.Find(text, key, separator + assigned);
        }

        if (separator >= text.Length || text[separator] is not ('=' or ':') || IsOperator(text, separator))
        {
            return SettingParts.Value(text, key.Start, key.End);
        }

        var start = Skip(text, separator + 1, " \t\\", 8);
        var quote = start < text.Length && text[start] is '"' or '\'' ? text[start] : '\0';
        if (quote != '\0')
        {
            start++;
        }

        var line = Line(text, at);
        var name = text[key.Start..key.End];
        var equals = text[separator] == '=';
        var inConnection = equals && IsConnectionString(text[line.Start..line.End]);
        var end = EndOfValue(text, start, quote, line.End, inConnection);
        var value = text[start..end];
        if (value.Length < 3 && quote == '\0' && text[separator] == ':')
        {
            return SettingParts.Block(text, value, end);
        }

        if (value.Length < 3 || IsPlaceholder(value) || (AssignedSecrets.IsPass(name) && !AssignedSecrets.IsPass(value, hasSign: quote != '\0' || equals))
            || (!inConnection && IsOrdinary(text, value, start, quote, key, separator, line.End)))
        {
            return SecretMatch.None;
        }

        var isSecret = inConnection
            || (equals && IsEnvironmentName(name))
            || (quote != '\0' && text[key.End] is '"' or '\'' or '\\' && !IsPageToken(name))
            || (IsLineStart(text, key.Start, line.Start) && !IsPageToken(name) && LooksChosen(value, text, end));
        return isSecret ? SecretMatch.At(start, end)
            : equals && (quote != '\0' || value is ['`', ..]) ? AssignedSecrets.Find(text, key, separator + 1)
            : !equals && quote == '\0' ? AssignedSecrets.InNote(text, key, start, line)
            : equals && !IsPageToken(name) ? SettingParts.InList(text, key.Start, start, line)
            : SecretMatch.None;
    }

    /// <summary>A value that is no secret for all its name: a literal, a path, words about it, or code.</summary>
    private static bool IsOrdinary(
        ReadOnlySpan<char> text, ReadOnlySpan<char> value, int start, char quote, (int Start, int End) key, int separator, int line)
    {
        var name = text[key.Start..key.End];
        if (OrdinaryValues.IsDirectory(name, value))
        {
            return true;
        }

        if (quote != '\0')
        {
            return OrdinaryValues.IsOne(value) || OrdinaryValues.IsAbout(value, name);
        }

        return OrdinaryValues.IsOne(value.TrimEnd(",;"))
            || (text[separator] == '=' && text[separator - 1] is ' ' or '\t' && start > separator + 1
                && CodeValues.IsOne(value, text[Math.Min(start + value.Length, Math.Max(start, line))..Math.Max(start, line)], name));
    }

    private static (int Start, int End) Key(ReadOnlySpan<char> text, int start, int end)
    {
        var least = Math.Max(0, start - MaxKey);
        while (start > least && IsKeyCharacter(text[start - 1]))
        {
            start--;
        }

        var most = Math.Min(text.Length, end + MaxKey);
        while (end < most && IsKeyCharacter(text[end]))
        {
            end++;
        }

        return (start, end);
    }

    private static (int Start, int End) Line(ReadOnlySpan<char> text, int at)
    {
        var before = text[Math.Max(0, at - Reach)..at];
        var after = text[at..Math.Min(text.Length, at + Reach)];
        var end = after.IndexOfAny('\r', '\n');
        return (at - before.Length + before.LastIndexOfAny('\r', '\n') + 1, at + (end < 0 ? after.Length : end));
    }

    private static int EndOfValue(ReadOnlySpan<char> text, int start, char quote, int lineEnd, bool inConnection)
    {
        lineEnd = Math.Max(start, lineEnd);
        var rest = text[start..lineEnd];
        var end = quote != '\0' ? rest.IndexOf(quote)
            : inConnection ? rest.IndexOfAny(";\"'")
            : rest.IndexOfAny(" \t");
        var value = end < 0 ? rest : rest[..end];
        return start + (quote != '\0' ? value : value.TrimEnd("\\")).Length;
    }

    private static bool IsConnectionString(ReadOnlySpan<char> line)
    {
        if (!line.Contains(';'))
        {
            return false;
        }

        foreach (var word in ConnectionWords)
        {
            var at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && line[(at + word.Length)..].TrimStart() is ['=', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A value that a person or a generator chose, not a type name, a call or a sentence.</summary>
    private static bool LooksChosen(ReadOnlySpan<char> value, ReadOnlySpan<char> text, int end) =>
        (end >= text.Length || text[end] is '\r' or '\n' or '"' or '\'') && LooksChosen(value);

    internal static bool LooksChosen(ReadOnlySpan<char> value) =>
        value.Length >= 6 && value.ContainsAny(Chosen) && !value.ContainsAny(Syntax);

    internal static bool IsPlaceholder(ReadOnlySpan<char> value) =>
        value.Length == 0 || value[0] is '$' or '<' or '{' or '%' or '(' || !value.ContainsAnyExcept(Masked)
        || value.StartsWith("[langguard", StringComparison.Ordinal);

    internal static bool IsEnvironmentName(ReadOnlySpan<char> name) =>
        name.Length >= 3 && !name.ContainsAnyExcept(Upper) && name is not ("PWD" or "OLDPWD");

    /// <summary>Whether a short word is one of its own in a name, not the end of <c>bypass</c>.</summary>
    private static bool IsWord(ReadOnlySpan<char> text, int start, int at) =>
        at == start || text[at - 1] is '_' or '-' or '.' || (char.IsAsciiLetterUpper(text[at]) && char.IsAsciiLetterLower(text[at - 1]));

    /// <summary>What stands after the word: <c>tokenizer</c> and <c>password_hint</c> are no secrets.</summary>
    private static bool IsLastWord(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimEnd("0123456789");
        return rest.IsEmpty
            || rest.Equals("_key", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("key", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("-key", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("_key_base", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A token that only says where a listing goes on, which an agent must be able to send back.</summary>
    internal static bool IsPageToken(ReadOnlySpan<char> name)
    {
        if (!name.EndsWith("token", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var word in CredentialTokens)
        {
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLineStart(ReadOnlySpan<char> text, int start, int line) =>
        !text[line..start].ContainsAnyExcept(" \t-\"'");

    private static bool IsOperator(ReadOnlySpan<char> text, int at) =>
        (at + 1 < text.Length && text[at + 1] is '=' or '>' or ':' or '~') || (at > 0 && text[at - 1] is '!' or ':' or '<' or '>');

    private static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';

    private static int Skip(ReadOnlySpan<char> text, int from, string characters, int most)
    {
        var end = Math.Min(text.Length, from + most);
        while (from < end && characters.Contains(text[from], StringComparison.Ordinal))
        {
            from++;
        }

        return from;
    }
}
