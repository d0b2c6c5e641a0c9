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
    ];

    internal static string Reverse(string text) => new([.. text.Reverse()]);

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
