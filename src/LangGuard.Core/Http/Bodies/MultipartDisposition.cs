using System.Text;

namespace LangGuard.Http;

/// <summary>The disposition of one part: <c>form-data</c>, a name, at most one file name.</summary>
internal sealed class MultipartDisposition
{
    private const int MaxFileName = 128;

    private MultipartDisposition(string name, string? fileName, bool isFileNamePlain)
    {
        Name = name;
        HasFileName = fileName is not null;
        IsFileNamePlain = isFileNamePlain;
    }

    public string Name { get; }

    public bool HasFileName { get; }

    /// <summary>Whether the file name means one file in one folder for every system.</summary>
    public bool IsFileNamePlain { get; }

    public static MultipartDisposition? TryParse(ReadOnlySpan<char> value)
    {
        string? name = null;
        string? fileName = null;
        string? extended = null;
        var semicolon = value.IndexOf(';');
        if (semicolon < 0 || !value[..semicolon].Trim(' ').Equals("form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        value = value[semicolon..];
        while (!value.IsEmpty)
        {
            if (!TryParameter(ref value, out var key, out var text))
            {
                return null;
            }

            ref string? slot = ref name;
            switch (key)
            {
                case "name":
                    break;
                case "filename":
                    slot = ref fileName;
                    break;
                case "filename*":
                    slot = ref extended;
                    break;
                default:
                    return null;
            }

            if (slot is not null)
            {
                return null;
            }

            slot = text;
        }

        if (string.IsNullOrEmpty(name) || (extended is not null && fileName is null))
        {
            return null;
        }

        // Both forms of the file name have to say the same; servers take the one or the other.
        var plain = extended is null ? fileName : DecodeExtended(extended);
        var same = extended is null || (plain is not null && (plain == fileName || plain == DecodeWord(fileName!)));
        return new MultipartDisposition(name, fileName, same && plain is not null && IsPlain(plain));
    }

    private static bool TryParameter(ref ReadOnlySpan<char> value, out string key, out string text)
    {
        key = text = string.Empty;
        var rest = value[1..].TrimStart(' ');
        var equals = rest.IndexOf('=');
        if (equals <= 0 || !RequestHeaders.IsToken(rest[..equals]))
        {
            return false;
        }

        key = rest[..equals].ToString().ToLowerInvariant();
        rest = rest[(equals + 1)..];
        if (rest.StartsWith('"'))
        {
            var close = rest[1..].IndexOf('"');
            if (close < 0)
            {
                return false;
            }

            text = rest.Slice(1, close).ToString();
            rest = rest[(close + 2)..].TrimStart(' ');

            // An escaped quote ends the value for one parser and not for the next.
            if (text.Contains('\\', StringComparison.Ordinal) || (!rest.IsEmpty && rest[0] != ';'))
            {
                return false;
            }
        }
        else
        {
            var end = rest.IndexOf(';');
            text = (end < 0 ? rest : rest[..end]).TrimEnd(' ').ToString();
            rest = end < 0 ? default : rest[end..];
            if (!RequestHeaders.IsToken(text) && !IsListName(text))
            {
                return false;
            }
        }

        value = rest;
        return true;
    }

    // A name such as tags[] is sent without quotes by some clients.
    private static bool IsListName(string text) =>
        text.Length > 0 && RequestHeaders.IsToken(text.Replace('[', '_').Replace(']', '_'));

    private static string? DecodeExtended(string text)
    {
        const string prefix = "utf-8''";
        return text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && PercentEncoding.IsWellFormed(text.AsSpan(prefix.Length))
            && PercentEncoding.TryDecode(text.AsSpan(prefix.Length), '/', out var decoded, out _)
            ? decoded
            : null;
    }

    /// <summary>The encoded word that the platform's own client sends for a name outside ASCII.</summary>
    private static string? DecodeWord(string text)
    {
        const string prefix = "=?utf-8?B?";
        if (!text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || !text.EndsWith("?=", StringComparison.Ordinal))
        {
            return null;
        }

        var word = text.AsSpan(prefix.Length, text.Length - prefix.Length - 2);
        var bytes = new byte[word.Length];
        return Convert.TryFromBase64Chars(word, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static bool IsPlain(string name)
    {
        if (name.Length is 0 or > MaxFileName || name[0] is '.' or ' ' or '-' || name[^1] is '.' or ' ')
        {
            return false;
        }

        return JsonKeys.IsPlain(name) && name.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '%', ';', '\uff0f', '\u2215']) < 0;
    }
}
