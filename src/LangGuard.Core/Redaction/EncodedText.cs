using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace LangGuard.Redaction;

/// <summary>Reads what is written in base64 or hexadecimal, packed, escaped, or in several of these at once.</summary>
internal static class EncodedText
{
    private const int MaxDepth = 3;
    private const int ShortestRun = 20;
    private const int MostOnStack = 512;

    /// <summary>What is unpacked at most, so that a small text can not cost much.</summary>
    private const int MaxUnpacked = 256 * 1024;

    /// <summary>How many packed texts one text may hold. What is not looked at counts as found.</summary>
    private const int MostPacked = 32;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    private static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B, 0x08];

    /// <summary>What a text holds: the kind of a secret, or null.</summary>
    internal delegate string? Look(string text);

    /// <summary>Visits every run that may be encoded and holds something.</summary>
    /// <param name="text">The text.</param>
    /// <param name="look">Looks at one reading.</param>
    /// <param name="found">Gets the run and what it holds; false ends the search.</param>
    internal static void Find(string text, Look look, Func<int, int, string, bool> found)
    {
        var packed = MostPacked;
        var at = 0;
        while (NextRun(text, ref at, out var length))
        {
            if (In(text.AsSpan(at, length), look, MaxDepth, ref packed) is { } kind && !found(at, length, kind))
            {
                return;
            }

            at += length;
        }
    }

    /// <summary>The kind of secret in any reading of the text but the text itself, or null.</summary>
    internal static string? In(string text, Look look)
    {
        var packed = MostPacked;
        return InOther(text, look, MaxDepth, ref packed);
    }

    /// <summary>The kind of secret in a packed text, or null.</summary>
    internal static string? InPacked(ReadOnlySpan<byte> bytes, Look look)
    {
        var packed = MostPacked;
        return bytes.StartsWith(Gzip) || bytes is [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..]
            ? InBytes(bytes.ToArray(), look, MaxDepth, ref packed)
            : null;
    }

    /// <summary>Whether a text may say more than it shows.</summary>
    internal static bool HasOtherReadings(ReadOnlySpan<char> text) => PlainReading.MayDiffer(text) || HasRuns(text);

    /// <summary>Whether a run of the text may be encoded.</summary>
    internal static bool HasRuns(ReadOnlySpan<char> text)
    {
        var runs = new LongRuns(text, Base64, ShortestRun);
        while (runs.MoveNext())
        {
            if (IsWorthIt(Run(text[runs.Start..])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NextRun(string text, ref int at, out int length)
    {
        while (at < text.Length && text.AsSpan(at).IndexOfAny(Base64) is var start and >= 0)
        {
            at += start;
            var run = Run(text.AsSpan(at));
            length = run.Length;
            if (IsWorthIt(run))
            {
                return true;
            }

            at += length;
        }

        length = 0;
        return false;
    }

    /// <summary>A run goes on over the ends of lines of the usual widths.</summary>
    private static ReadOnlySpan<char> Run(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (true)
        {
            var more = text[end..].IndexOfAnyExcept(Base64);
            if (more < 0)
            {
                return text;
            }

            end += more;
            var line = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : text[end] == '\n' ? 1 : 0;
            var isWrapped = line > 0 && more is 60 or 64 or 70 or 72 or 76;
            if (!isWrapped
                || end + line >= text.Length
                || !Base64.Contains(text[end + line]))
            {
                return text[..end];
            }

            end += line;
        }
    }

    /// <summary>Words have no digits, upper and lower case in one; what has is worth a look.</summary>
    private static bool IsWorthIt(ReadOnlySpan<char> run) =>
        run.Length >= ShortestRun
        && (run.ContainsAnyInRange('0', '9') || (run.ContainsAnyInRange('A', 'Z') && run.ContainsAnyInRange('a', 'z')));

    private static string? InOther(string text, Look look, int depth, ref int packed)
    {
        if (PlainReading.Of(text) is { } plain)
        {
            text = plain.Text;
            if (look(text) is { } kind)
            {
                return kind;
            }
        }

        var at = 0;
        while (depth > 0 && NextRun(text, ref at, out var length))
        {
            if (In(text.AsSpan(at, length), look, depth, ref packed) is { } kind)
            {
                return kind;
            }

            at += length;
        }

        return null;
    }

    private static string? In(ReadOnlySpan<char> run, Look look, int depth, ref int packed)
    {
        // Words and marks may stand before and behind, such as 0x or the folder of a path.
        var hex = new LongRuns(run, Hex, ShortestRun);
        while (hex.MoveNext())
        {
            var digits = run[hex.Start..hex.End];
            for (var skip = 0; skip < 2; skip++)
            {
                if (InBytes(Convert.FromHexString(digits.Slice(skip, (digits.Length - skip) / 2 * 2)), look, depth, ref packed) is { } kind)
                {
                    return kind;
                }
            }
        }

        return InBase32(run, look, depth, ref packed) ?? InBase64(run, look, depth, ref packed);
    }

    private static string? InBase32(ReadOnlySpan<char> run, Look look, int depth, ref int packed)
    {
        var runs = Base32Text.Runs(run);
        while (runs.MoveNext())
        {
            var letters = run[runs.Start..runs.End];
            var rented = ArrayPool<byte>.Shared.Rent(letters.Length);
            try
            {
                // A byte begins at one of eight places.
                for (var skip = 0; skip < 8; skip++)
                {
                    var bytes = rented.AsSpan(0, Base32Text.Decode(letters[skip..], rented));
                    if (HoldsPlainText(bytes) && InBytes(bytes.ToArray(), look, depth, ref packed) is { } kind)
                    {
                        return kind;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            }
        }

        return null;
    }

    private static string? InBase64(ReadOnlySpan<char> run, Look look, int depth, ref int packed)
    {
        // Most runs are no text in disguise, such as the parts of a path; looking at those makes nothing anew.
        var size = run.Length + 3;
        char[]? rented = size > MostOnStack ? ArrayPool<char>.Shared.Rent(size) : null;
        byte[]? rentedBytes = size > MostOnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<char> plain = rented ?? stackalloc char[MostOnStack];
        Span<byte> bytes = rentedBytes ?? stackalloc byte[MostOnStack];
        try
        {
            var length = CopyPlain(run, plain);

            // Where it begins is only known for what was decoded before.
            var skips = depth == MaxDepth ? 4 : 1;
            for (var skip = 0; skip < skips && length - skip >= ShortestRun - 4; skip++)
            {
                if (TryDecode(plain, skip, length, bytes, out var written) && HoldsText(bytes[..written])
                    && InBytes(bytes[..written].ToArray(), look, depth, ref packed) is { } kind)
                {
                    return kind;
                }
            }

            return null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented, clearArray: true);
                ArrayPool<byte>.Shared.Return(rentedBytes!, clearArray: true);
            }
        }
    }

    private static int CopyPlain(ReadOnlySpan<char> run, Span<char> plain)
    {
        var length = 0;
        foreach (var c in run)
        {
            if (c is not ('\r' or '\n'))
            {
                plain[length++] = c switch { '-' => '+', '_' => '/', _ => c };
            }
        }

        return length;
    }

    private static bool TryDecode(Span<char> plain, int skip, int length, Span<byte> bytes, out int written)
    {
        var count = length - skip;
        if (count % 4 == 1)
        {
            count--;
        }

        for (; count % 4 != 0; count++)
        {
            plain[skip + count] = '=';
        }

        return Convert.TryFromBase64Chars(plain.Slice(skip, count), bytes, out written);
    }

    /// <summary>Whether bytes hold as much text in one piece as the shortest secret has, text of two bytes a letter, or something
    /// packed.</summary>
    private static bool HoldsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..] || bytes.IndexOf(Gzip) >= 0 || bytes.Contains((byte)0))
        {
            return true;
        }

        return HoldsPlainText(bytes);
    }

    private static bool HoldsPlainText(ReadOnlySpan<byte> bytes)
    {
        var run = 0;
        for (var i = 0; i < bytes.Length && run < EncodedForms.MinLength; i++)
        {
            if (bytes[i] is >= 0x20 and < 0x7F or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                run++;
            }
            else if (bytes[i] >= 0x80 && Rune.DecodeFromUtf8(bytes[i..], out _, out var consumed) == OperationStatus.Done)
            {
                run += consumed;
                i += consumed - 1;
            }
            else
            {
                run = 0;
            }
        }

        return run >= EncodedForms.MinLength;
    }

    private static string? InBytes(byte[] bytes, Look look, int depth, ref int packed)
    {
        if (Unpack(bytes, ref packed, out var isTooMuch) is { } unpacked)
        {
            bytes = unpacked;
        }
        else if (isTooMuch)
        {
            return "packed";
        }

        return InText(Encoding.UTF8.GetString(bytes), look, depth, ref packed)
            ?? (bytes.AsSpan().Contains((byte)0)
                ? InText(Encoding.Unicode.GetString(bytes), look, depth, ref packed)
                    ?? InText(Encoding.BigEndianUnicode.GetString(bytes), look, depth, ref packed)
                : null);
    }

    private static string? InText(string text, Look look, int depth, ref int packed) =>
        look(text) ?? InOther(text, look, depth - 1, ref packed);

    private static byte[]? Unpack(byte[] bytes, ref int packed, out bool isTooMuch)
    {
        isTooMuch = false;
        var gzip = bytes.AsSpan().IndexOf(Gzip);
        var isZlib = gzip < 0 && bytes is [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..];
        if (gzip < 0 && !isZlib)
        {
            return null;
        }

        if (packed-- <= 0)
        {
            isTooMuch = true;
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MaxUnpacked);
        try
        {
            using var source = new MemoryStream(bytes, Math.Max(0, gzip), bytes.Length - Math.Max(0, gzip));
            using Stream unpacker = isZlib
                ? new ZLibStream(source, CompressionMode.Decompress)
                : new GZipStream(source, CompressionMode.Decompress);
            var length = Read(unpacker, buffer.AsSpan(0, MaxUnpacked));
            return length == 0 ? null : buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>As much as there is before the text turns out not to be packed, or cut.</summary>
    private static int Read(Stream unpacker, Span<byte> buffer)
    {
        var length = 0;
        try
        {
            while (length < buffer.Length && unpacker.Read(buffer[length..]) is var more and > 0)
            {
                length += more;
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            // What came before counts.
        }

        return length;
    }
}
