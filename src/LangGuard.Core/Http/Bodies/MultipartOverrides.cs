using System.Text;

namespace LangGuard.Http;

/// <summary>
/// Finds an overriding field in a multipart body. Boundaries are not looked at, because readers disagree on them: every line
/// that is a disposition for some reader counts.
/// </summary>
internal static class MultipartOverrides
{
    public static bool Has(ReadOnlySpan<byte> body, bool mayBatch)
    {
        var inDisposition = false;
        while (!body.IsEmpty)
        {
            var end = body.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (line.IsEmpty)
            {
                // Between CR and LF; an empty line has no continuation to look at either.
                continue;
            }

            var isContinued = line[0] is (byte)' ' or (byte)'\t';
            var text = line.Trim(" \t"u8);
            inDisposition = StartsWith(text, "content-disposition"u8) || (isContinued && inDisposition);
            if (inDisposition && NamesOverride(Encoding.Latin1.GetString(text)))
            {
                return true;
            }

            if (!mayBatch && StartsWith(text, "content-type"u8)
                && (Contains(text, "application/http"u8) || Contains(text, "message/http"u8)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every parameter "name", "name*" or "name*0", with a value in quotes, escaped, or encoded.</summary>
    private static bool NamesOverride(string line)
    {
        for (var at = line.IndexOf("name", StringComparison.OrdinalIgnoreCase); at >= 0;)
        {
            var rest = line.AsSpan(at + 4).TrimStart("*0123456789 \t");
            var isWhole = at == 0 || !char.IsAsciiLetterOrDigit(line[at - 1]);
            if (isWhole && rest.StartsWith('=') && IsOverride(rest[1..].TrimStart(" \t")))
            {
                return true;
            }

            at = line.IndexOf("name", at + 4, StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }

    private static bool IsOverride(ReadOnlySpan<char> value)
    {
        Span<char> name = stackalloc char[256];
        var quote = value.Length > 0 && value[0] is '"' or '\'' ? value[0] : ';';
        var length = 0;
        for (var i = quote == ';' ? 0 : 1; i < value.Length && length < name.Length && value[i] != quote; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
            {
                i++;
            }

            name[length++] = value[i];
        }

        // The charset and the language before an encoded value: utf-8''_method.
        var text = name[..length];
        var encoded = text.LastIndexOf('\'');
        return MethodOverrides.IsMatch(LooseDecoding.Decode(encoded < 0 ? text : text[(encoded + 1)..]));
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        for (var at = 0; at + part.Length <= text.Length; at++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(at, part.Length), part))
            {
                return true;
            }
        }

        return false;
    }
}
