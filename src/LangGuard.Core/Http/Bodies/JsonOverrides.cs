using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Finds an overriding key in JSON, at any depth and in any spelling, and requests inside the request: an object
/// with a method that the rule does not grant, beside a URL.</summary>
internal static class JsonOverrides
{
    private const int MaxDepth = 512;
    private const int MaxKey = 256;

    private static readonly string[] Targets = ["url", "uri", "path", "href", "relative_url", "relativeurl"];

    public static bool Has(ReadOnlySpan<byte> body, HttpVerbs verb, HttpVerbs granted)
    {
        if (body.StartsWith("\ufeff"u8))
        {
            body = body[3..];
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions
        {
            AllowMultipleValues = true,
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = MaxDepth,
        });
        try
        {
            return Read(ref reader, verb, granted);
        }
        catch (JsonException)
        {
            // Lenient readers take bare names, single quotes and more: what is left is to look for the names themselves.
            return Mentions(Encoding.Latin1.GetString(body));
        }
    }

    private static bool Read(ref Utf8JsonReader reader, HttpVerbs verb, HttpVerbs granted)
    {
        var hasTarget = new BitArray(MaxDepth + 2);
        var hasMethod = new BitArray(MaxDepth + 2);
        var overrides = false;
        var isWord = false;
        Span<char> buffer = stackalloc char[MaxKey];
        while (reader.Read())
        {
            var depth = reader.CurrentDepth;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                // Longer than any name, however it is escaped.
                var key = reader.ValueSpan.Length > MaxKey ? default : buffer[..reader.CopyString(buffer)];
                overrides = MethodOverrides.IsMatch(key);
                isWord = MethodOverrides.IsWord(key);
                hasTarget[depth] |= IsTarget(key);
            }
            else
            {
                var stated = overrides || isWord ? MethodOf(ref reader) : null;
                if (overrides && stated != verb)
                {
                    return true;
                }

                hasMethod[depth] |= isWord && stated is { } other && (other & (HttpVerbs.Read | granted)) == 0;
                overrides = isWord = false;
            }

            if (hasTarget[depth] && hasMethod[depth])
            {
                return true;
            }

            if (reader.TokenType == JsonTokenType.StartObject)
            {
                hasTarget[depth + 1] = hasMethod[depth + 1] = false;
            }
        }

        return false;
    }

    private static HttpVerbs? MethodOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 64)
        {
            return null;
        }

        Span<char> value = stackalloc char[64];
        return FormOverrides.MethodOf(value[..reader.CopyString(value)]);
    }

    private static bool IsTarget(ReadOnlySpan<char> key)
    {
        foreach (var target in Targets)
        {
            if (key.Equals(target, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Mentions(string text)
    {
        var plain = Unescape(text);
        for (var at = plain.IndexOf("method", StringComparison.OrdinalIgnoreCase); at >= 0;)
        {
            var start = at;
            while (start > 0 && IsNamePart(plain[start - 1]))
            {
                start--;
            }

            var end = at + 6;
            while (end < plain.Length && IsNamePart(plain[end]))
            {
                end++;
            }

            if (MethodOverrides.IsMatch(plain.AsSpan(start, end - start))
                && plain.AsSpan(end).TrimStart(" \t\r\n\"'`") is [':' or '=', ..])
            {
                return true;
            }

            at = plain.IndexOf("method", end, StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$' or '.';

    /// <summary>\uXXXX and \xXX, as JavaScript has them.</summary>
    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var digits = text[i] != '\\' || i + 1 == text.Length ? 0 : text[i + 1] is 'u' or 'U' ? 4 : text[i + 1] is 'x' or 'X' ? 2 : 0;
            if (digits > 0 && i + 1 + digits < text.Length
                && ushort.TryParse(text.AsSpan(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                plain.Append((char)unit);
                i += 1 + digits;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
