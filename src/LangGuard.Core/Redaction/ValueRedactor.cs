using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace LangGuard.Redaction;

/// <summary>Finds configured values as they are and in every encoding that hides them from a plain search.</summary>
internal sealed class ValueRedactor : Redactor
{
    /// <summary>What is unpacked at most, so that a small text can not cost much.</summary>
    private const int MaxUnpacked = 256 * 1024;

    private const string Gzip64 = "H4sI";
    private const string Gzip16 = "1f8b08";

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly SearchValues<string> _exact;
    private readonly SearchValues<string> _anyCase;
    private readonly string[] _exactForms;
    private readonly string[] _anyCaseForms;

    internal ValueRedactor(IEnumerable<string> values)
    {
        var forms = values.Select(value => new EncodedForms(value)).ToList();
        _exactForms = [.. forms.SelectMany(form => form.Exact).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        _anyCaseForms = [.. forms.SelectMany(form => form.AnyCase).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(form => form.Length)];
        _exact = SearchValues.Create(_exactForms, StringComparison.Ordinal);
        _anyCase = SearchValues.Create(_anyCaseForms, StringComparison.OrdinalIgnoreCase);
    }

    public override void Find(ReadOnlySpan<char> text, SecretSpans found)
    {
        ArgumentNullException.ThrowIfNull(found);
        Find(text, _exact, _exactForms, StringComparison.Ordinal, found);
        Find(text, _anyCase, _anyCaseForms, StringComparison.OrdinalIgnoreCase, found);
        FindPacked(text, Gzip64, Base64, Unpack64, found);
        FindPacked(text, Gzip16, Hex, Unpack16, found);
    }

    internal static bool MayBePacked(ReadOnlySpan<char> text) =>
        text.Contains(Gzip64, StringComparison.OrdinalIgnoreCase) || text.Contains(Gzip16, StringComparison.OrdinalIgnoreCase);

    internal bool IsIn(ReadOnlySpan<char> text) => text.ContainsAny(_exact) || text.ContainsAny(_anyCase);

    private static void Find(
        ReadOnlySpan<char> text, SearchValues<string> any, string[] forms, StringComparison comparison, SecretSpans found)
    {
        var at = 0;
        while (at < text.Length && text[at..].IndexOfAny(any) is var next and >= 0)
        {
            at += next;
            foreach (var form in forms)
            {
                if (text[at..].StartsWith(form, comparison))
                {
                    // One character more on each side: the ends of a value in base64 share a character with its neighbours.
                    var start = Math.Max(0, at - 1);
                    var end = Math.Min(text.Length, at + form.Length + 1);
                    var isWhole = start == at || !char.IsAsciiLetterOrDigit(text[start]);
                    start = isWhole ? at : start;
                    end = end > at + form.Length && char.IsAsciiLetterOrDigit(text[end - 1]) ? end : at + form.Length;
                    found.Add(start, end - start, "value");
                    at += form.Length - 1;
                    break;
                }
            }

            at++;
        }
    }

    private void FindPacked(
        ReadOnlySpan<char> text, string magic, SearchValues<char> of, Func<string, byte[]> decode, SecretSpans found)
    {
        var at = 0;
        while (at < text.Length && text[at..].IndexOf(magic, StringComparison.OrdinalIgnoreCase) is var next and >= 0)
        {
            at += next;
            var end = TokenShapes.Run(text, at, of);
            if (Holds(text[at..end].ToString(), decode))
            {
                found.Add(at, end - at, "value");
            }

            at = end;
        }
    }

    private bool Holds(string packed, Func<string, byte[]> decode)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(decode(packed)), CompressionMode.Decompress);
            var buffer = new byte[MaxUnpacked];
            var length = gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return IsIn(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException or IOException)
        {
            // Not a packed text after all.
            return false;
        }
    }

    private static byte[] Unpack64(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/')
            .Replace("\r", string.Empty, StringComparison.Ordinal).Replace("\n", string.Empty, StringComparison.Ordinal)
            .TrimEnd('=');
        plain = plain[..(plain.Length - (plain.Length % 4 == 1 ? 1 : 0))];
        return Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
    }

    private static byte[] Unpack16(string text) => Convert.FromHexString(text.AsSpan(0, text.Length / 2 * 2));
}
