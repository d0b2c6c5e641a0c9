using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>
/// Values of settings that open nothing: literals, types, versions, paths, stand-ins, and, where they are quoted, words about the
/// setting itself. What a file says about secrets stays readable and can be edited; only secrets are hidden.
/// </summary>
internal static class OrdinaryValues
{
    private const int LongestSegment = 24;
    private const int FewestSegments = 4;

    private static readonly SearchValues<char> VersionLetters = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> PathLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.:{}*");

    private static readonly string[] Literals =
    [
        "none", "null", "nil", "undefined", "true", "false", "yes", "no", "on", "off", "default", "optional", "required", "nullable",
        "string", "str", "text", "boolean", "bool", "number", "integer", "int", "object", "any", "bytes",
        "seconds", "minutes", "hours", "days",
    ];

    private static readonly string[] StandIns =
        ["changeme", "changethis", "replaceme", "replacethis", "placeholder", "tobedefined", "yourvaluehere"];

    private static readonly string[] UrlStandIns = ["password", "passwd", "pass", "pwd"];

    // How a dialog or a table of translations names a password.
    private static readonly string[] Translations =
    [
        "passwort", "kennwort", "mot de passe", "contraseña", "senha", "palavra-passe", "wachtwoord", "lösenord", "adgangskode", "passord",
        "salasana", "hasło", "heslo", "lozinka", "geslo", "jelszó", "parolă", "parola", "şifre", "mật khẩu", "kata sandi", "пароль",
        "κωδικός", "סיסמה", "كلمة المرور", "کلمه عبور", "पासवर्ड", "รหัสผ่าน", "密码", "密碼", "パスワード", "비밀번호", "암호",
    ];

    /// <summary>Whether a value, quoted or not, is none that anybody could use.</summary>
    internal static bool IsOne(ReadOnlySpan<char> value) =>
        IsLiteral(value) || IsVersion(value) || IsPath(value) || IsStandIn(value);

    /// <summary>Whether a quoted value only says the name of its setting again, or is a text about it.</summary>
    internal static bool IsAbout(ReadOnlySpan<char> value, ReadOnlySpan<char> name) => Repeats(value, name) || IsText(value);

    /// <summary>Whether a value is the end of a name, but for case and what stands between the words.</summary>
    internal static bool Repeats(ReadOnlySpan<char> value, ReadOnlySpan<char> name)
    {
        int at = name.Length - 1;
        int letters = 0;
        for (int i = value.Length - 1; i >= 0; i--)
        {
            if (!char.IsLetterOrDigit(value[i]))
            {
                if (value[i] is not (' ' or '_' or '-' or '.'))
                {
                    return false;
                }

                continue;
            }

            while (at >= 0 && !char.IsLetterOrDigit(name[at]))
            {
                at--;
            }

            if (at < 0 || char.ToUpperInvariant(name[at]) != char.ToUpperInvariant(value[i]))
            {
                return false;
            }

            at--;
            letters++;
        }

        return letters > 0;
    }

    /// <summary>Whether the password in an address is one that every manual shows.</summary>
    internal static bool IsInManuals(ReadOnlySpan<char> password) => IsAny(password, UrlStandIns) || IsStandIn(password);

    /// <summary>Where the working directory is has the name of a password.</summary>
    internal static bool IsDirectory(ReadOnlySpan<char> name, ReadOnlySpan<char> value) =>
        name is "PWD" or "OLDPWD" && value is ['/' or '~', ..] or [_, ':', '\\' or '/', ..];

    /// <summary>The same with a union of types, such as <c>string|null</c>, and rules of a form, such as <c>required|min:8</c>.</summary>
    private static bool IsLiteral(ReadOnlySpan<char> value)
    {
        int cut = value.IndexOf('|');
        return IsAny(cut < 0 ? value : value[..cut].TrimEnd(' '), Literals);
    }

    /// <summary><c>^1.2.3</c>, <c>1556312220.133</c>; not digits alone.</summary>
    private static bool IsVersion(ReadOnlySpan<char> value)
    {
        value = value.TrimStart("^~<>=v ");
        return value.Contains('.') && !value.ContainsAnyExcept(VersionLetters);
    }

    /// <summary><c>/auth/reset-password</c>, <c>arn:aws:iam::aws:policy/Reader</c>. Without upper case, which a key has, and in short parts.</summary>
    private static bool IsPath(ReadOnlySpan<char> value)
    {
        if (value.StartsWith("arn:aws", StringComparison.Ordinal))
        {
            return true;
        }

        bool isRooted = value is ['/', ..];
        if (value.StartsWith("https://", StringComparison.Ordinal) || value.StartsWith("http://", StringComparison.Ordinal))
        {
            value = value[(value.IndexOf('/') + 2)..];
            isRooted = true;
        }

        value = value.Trim('/');
        int segments = 0;
        foreach (Range range in value.Split('/'))
        {
            ReadOnlySpan<char> segment = value[range];
            segments++;
            if (segment.Length is 0 or > LongestSegment
                || segment.ContainsAnyExcept(PathLetters))
            {
                return false;
            }
        }

        return segments >= (isRooted ? 2 : FewestSegments);
    }

    /// <summary><c>your-api-key</c>, <c>change_me</c>, <c>[Password]</c>, <c>sk-...</c>: what a template has where a secret belongs.</summary>
    private static bool IsStandIn(ReadOnlySpan<char> value)
    {
        if (value.EndsWith("...", StringComparison.Ordinal) && value.Length <= LongestSegment)
        {
            return true;
        }

        if (value is ['[', .., ']'])
        {
            value = value[1..^1];
            return !value.IsEmpty && !HasOtherThanWords(value);
        }

        if (HasOtherThanWords(value))
        {
            return false;
        }

        foreach (string standIn in StandIns)
        {
            if (Repeats(standIn, value) && Repeats(value, standIn))
            {
                return true;
            }
        }

        return value.StartsWith("your", StringComparison.OrdinalIgnoreCase) && value.Length > 4 && !char.IsAsciiLetterLower(value[4]);
    }

    /// <summary>A text of several words that names what it is about, or the one word that another language has for it.</summary>
    private static bool IsText(ReadOnlySpan<char> value)
    {
        // A password that was made of such a word has more in it than letters.
        if (!value.ContainsAny(SettingShapes.Chosen))
        {
            foreach (string word in Translations)
            {
                if (value.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return value.Trim(' ').Contains(' ') && Mentions(value);
    }

    /// <summary>Whether a text holds a word for a secret.</summary>
    internal static bool Mentions(ReadOnlySpan<char> value)
    {
        foreach (string word in SettingShapes.Words)
        {
            if (value.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return value.Contains("API key", StringComparison.OrdinalIgnoreCase)
            || value.Contains("access key", StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasOtherThanWords(ReadOnlySpan<char> value)
    {
        foreach (char c in value)
        {
            if (!char.IsAsciiLetter(c) && c is not ('-' or '_' or ' '))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAny(ReadOnlySpan<char> value, string[] words)
    {
        foreach (string word in words)
        {
            if (value.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
