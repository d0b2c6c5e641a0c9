using System.Globalization;
using System.Text;

namespace LangGuard.Redaction;

/// <summary>The ways in which one secret value may be written.</summary>
internal sealed class EncodedForms
{
    internal const int MinLength = 6;

    internal EncodedForms(string value)
    {
        var reversed = Reverse(value);
        foreach (var text in new[] { value, reversed })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Exact.Add(text);
            AddBase64(bytes);
            AddBase64(Encoding.Unicode.GetBytes(text));
            AddBase64(Encoding.BigEndianUnicode.GetBytes(text));
            AddHex(bytes);
            AddHex(Encoding.Unicode.GetBytes(text));
            AnyCase.Add(string.Concat(bytes.Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture))));
            AnyCase.Add(string.Concat(text.Select(c => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture))));
            AnyCase.Add(string.Concat(text.Select(c => $"&#{(int)c};")));
            AnyCase.Add(string.Concat(text.Select(c => "&#x" + ((int)c).ToString("x", CultureInfo.InvariantCulture) + ";")));
            AnyCase.Add(Uri.EscapeDataString(text));
            AnyCase.Add(Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal));
            AnyCase.Add(Uri.EscapeDataString(Uri.EscapeDataString(text)));
            Exact.Add(System.Net.WebUtility.HtmlEncode(text));
            Exact.Add(System.Text.Encodings.Web.JavaScriptEncoder.Default.Encode(text));
            Exact.Add(System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
            Exact.Add(Rot13(text));
        }
    }

    internal HashSet<string> Exact { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> AnyCase { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The part of the encoding that depends on the value alone, for each of the three places at which it may
    /// begin in a larger text; also with the text reversed.</summary>
    private void AddBase64(byte[] bytes)
    {
        for (var offset = 0; offset < 3; offset++)
        {
            var padded = new byte[offset + bytes.Length];
            bytes.CopyTo(padded, offset);
            var text = Convert.ToBase64String(padded);
            var first = (offset * 8 + 5) / 6;
            var last = padded.Length * 8 / 6;
            var core = text[first..last];
            if (core.Length >= MinLength)
            {
                Exact.Add(core);
                Exact.Add(core.Replace('+', '-').Replace('/', '_'));
                Exact.Add(Reverse(core));
                Exact.Add(Uri.EscapeDataString(core));
            }
        }
    }

    private void AddHex(byte[] bytes)
    {
        var hex = Convert.ToHexStringLower(bytes);
        AnyCase.Add(hex);
        AnyCase.Add(Reverse(hex));
        foreach (var separator in new[] { " ", ":", "-", "\\x", ", 0x", ",0x" })
        {
            AnyCase.Add(string.Join(separator, bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))));
        }
    }

    private static string Reverse(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        source.CopyTo(span);
        span.Reverse();
    });

    private static string Rot13(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            var c = source[i];
            span[i] = char.IsAsciiLetterLower(c) ? (char)('a' + ((c - 'a' + 13) % 26))
                : char.IsAsciiLetterUpper(c) ? (char)('A' + ((c - 'A' + 13) % 26))
                : c;
        }
    });
}
