using System.Text;

namespace LangGuard.Http;

/// <summary>The forms in which a server may send a secret back. Escapes (percent, JSON, HTML) are not listed: the scrubber
/// decodes them while reading.</summary>
internal static class SecretEncodings
{
    /// <summary>Shorter values would be found in ordinary text, and their encodings would not be told from it.</summary>
    public const int MinLength = 8;

    public const int MaxLength = 8 * 1024;

    public static IEnumerable<byte[]> Of(byte[] secret)
    {
        yield return secret;
        yield return [.. Enumerable.Reverse(secret)];
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret));
        foreach (var separator in new[] { "-", ":", ",", ", ", "0x", " 0x", ",0x", ", 0x" })
        {
            yield return Encoding.ASCII.GetBytes(string.Join(separator, secret.Select(b => b.ToString("x2", null))));
        }

        for (var offset = 0; offset < 3; offset++)
        {
            yield return Base64Core(secret, offset);
        }
    }

    /// <summary>The base64 digits that the secret alone decides when it stands after so many other bytes (modulo 3).</summary>
    private static byte[] Base64Core(byte[] secret, int offset)
    {
        var padded = new byte[offset + secret.Length];
        secret.CopyTo(padded, offset);
        var text = Convert.ToBase64String(padded);
        var first = ((offset * 8) + 5) / 6;
        var end = padded.Length * 8 / 6;
        return Encoding.ASCII.GetBytes(text[first..end]);
    }
}
