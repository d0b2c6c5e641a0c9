using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace LangGuard.Tests.Redaction;

/// <summary>Ways to write a secret so that a plain search for it finds nothing.</summary>
internal static class SecretWrappings
{
    private const string Base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    internal static readonly (string Name, Func<string, string> Wrap)[] All =
    [
        ("base64", text => Base64(Utf8(text))),
        ("base64 at 1", text => Base64(Utf8("." + text))),
        ("base64 at 2", text => Base64(Utf8(".," + text))),
        ("base64 for URLs", text => Base64(Utf8(text)).Replace('+', '-').Replace('/', '_').TrimEnd('=')),
        ("base64 in lines", text => Convert.ToBase64String(Utf8(new string(' ', 90) + text), Base64FormattingOptions.InsertLineBreaks)),
        ("base64 twice", text => Base64(Utf8(Base64(Utf8(text))))),
        ("base64 of UTF-16", text => Base64(Encoding.Unicode.GetBytes(text))),
        ("base64 behind a word", text => "data/" + Base64(Utf8(text))),
        ("hex", text => Convert.ToHexStringLower(Utf8(text))),
        ("upper hex", text => Convert.ToHexString(Utf8(text))),
        ("hex with 0x", text => "0x" + Convert.ToHexString(Utf8(text))),
        ("hex behind a word", text => "files/" + Convert.ToHexStringLower(Utf8(text)) + "_copy"),
        ("base32", Base32),
        ("lower base32", text => Base32(text).ToLowerInvariant()),
        ("percent", Percent),
        ("percent twice", text => Uri.EscapeDataString(Percent(text))),
        ("JSON escapes", text => string.Concat(text.Select(c => $"\\u{(int)c:x4}"))),
        ("HTML entities", text => string.Concat(text.Select(c => $"&#{(int)c};"))),
        ("HTML hexadecimal entities", text => string.Concat(text.Select(c => $"&#x{(int)c:X};"))),
        ("UTF-16 as bytes", text => string.Concat(text.Select(c => c + "\0"))),
        ("zero width", text => string.Join('\u200B', text.ToCharArray())),
        ("gzip", text => Base64(Pack(text, stream => new GZipStream(stream, CompressionLevel.Optimal)))),
        ("zlib", text => Base64(Pack(text, stream => new ZLibStream(stream, CompressionLevel.Optimal)))),
        ("gzip in hex", text => Convert.ToHexStringLower(Pack(text, stream => new GZipStream(stream, CompressionLevel.Optimal)))),
        ("reversed", Reverse),
        ("reversed in base64", text => Base64(Utf8(Reverse(text)))),
        ("base64 reversed", text => Reverse(Base64(Utf8(text)))),
        ("base64 in lines of 48", text => Lines(Base64(Utf8(text)), 48, "\n")),
        ("base64 in lines between words", text => "begin\n" + Lines(Base64(Utf8(new string(' ', 70) + text)), 64, "\n") + "\nend of the file"),
        ("base64 in lines of 25", text => Lines(Base64(Utf8(text)), 25, "\r\n")),
        ("base64 in indented lines", text => Lines(Base64(Utf8(text)), 64, "\n    ")),
        ("base64 in lines within JSON", text => Lines(Base64(Utf8(new string(' ', 50) + text)), 76, "\\n")),
        ("base64 of percent", text => Base64(Utf8(Percent(text)))),
        ("percent of base64", text => Percent(Base64(Utf8(text)))),
        ("base64 in base64 behind a word", text => Base64(Utf8("data/" + Base64(Utf8(text))))),
        ("base64 of JSON escapes", text => Base64(Utf8(string.Concat(text.Select(c => $"\\u{(int)c:X4}"))))),
        ("base64 of hex", text => Base64(Utf8(Convert.ToHexStringLower(Utf8(text))))),
        ("hex of base64", text => Convert.ToHexString(Utf8(Base64(Utf8(text))))),
        ("hex of UTF-16", text => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))),
        ("hex with colons", text => Join(text, ":", "{0:x2}")),
        ("hex with spaces", text => Join(text, " ", "{0:X2}")),
        ("hex with hyphens", text => Join(text, "-", "{0:X2}")),
        ("hex in a list", text => "[" + Join(text, ", ", "0x{0:x2}") + "]"),
        ("hex escapes", text => Join(text, string.Empty, "\\x{0:x2}")),
        ("decimal bytes", text => "[" + Join(text, ",", "{0}") + "]"),
        ("decimal bytes in lines", text => "[\n  " + Join(text, ",\n  ", "{0}") + "\n]"),
        ("octal escapes", text => string.Concat(Utf8(text).Select(b => "\\" + Convert.ToString(b, 8).PadLeft(3, '0')))),
        ("padded HTML entities", text => string.Concat(text.Select(c => $"&#{(int)c:D7};"))),
        ("HTML entities with an escaped end", text => string.Concat(text.Select(c => $"&#{(int)c}%3B"))),
        ("HTML entities without an end", text => string.Concat(text.Select(c => $"&#x{(int)c:X}"))),
        ("behind an escaped line end", text => "{\"k\":\"first\\n" + text.Replace("\n", "\\n", StringComparison.Ordinal) + "\"}"),
    ];

    internal static string Reverse(string text) => new([.. text.Reverse()]);

    private static string Join(string text, string separator, string format) =>
        string.Join(separator, Utf8(text).Select(b => string.Format(CultureInfo.InvariantCulture, format, b)));

    private static string Lines(string text, int width, string end) => string.Join(end, text.Chunk(width).Select(line => new string(line)));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    private static string Percent(string text) =>
        string.Concat(Utf8(text).Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture)));

    private static string Base32(string text)
    {
        var result = new StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var b in Utf8(text))
        {
            buffer = ((buffer << 8) | b) & 0xFFFF;
            for (bits += 8; bits >= 5; bits -= 5)
            {
                result.Append(Base32Letters[(buffer >> (bits - 5)) & 31]);
            }
        }

        return bits == 0 ? result.ToString() : result.Append(Base32Letters[(buffer << (5 - bits)) & 31]).ToString();
    }

    private static byte[] Pack(string text, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
        {
            stream.Write(Utf8(text));
        }

        return packed.ToArray();
    }
}
