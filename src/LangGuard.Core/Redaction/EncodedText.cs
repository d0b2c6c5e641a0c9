using System.Buffers;
using System.Text;

namespace LangGuard.Redaction;

/// <summary>Reads what is written in base64 or hexadecimal, packed, escaped, or in several of these at once.</summary>
internal static partial class EncodedText
{
    private const int MaxDepth = 3;
    private const int ShortestRun = Base64Text.ShortestRun;
    private const int MostOnStack = 512;

    /// <summary>What is unpacked at most, so that a small text can not cost much.</summary>
    private const int MaxUnpacked = 256 * 1024;

    /// <summary>How many packed texts one text may hold. What is not looked at counts as found.</summary>
    private const int MostPacked = 32;

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

        for (var isHex = false; ; isHex = true)
        {
            var lists = new ByteLists(text, isHex);
            while (lists.MoveNext())
            {
                if (InText(lists.Read(), look, MaxDepth, ref packed) is { } kind && !found(lists.Start, lists.End - lists.Start, kind))
                {
                    return;
                }
            }

            if (isHex)
            {
                return;
            }
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
            ? InBytes(bytes, look, MaxDepth, ref packed)
            : null;
    }

    /// <summary>Whether a text may say more than it shows.</summary>
    internal static bool HasOtherReadings(ReadOnlySpan<char> text) => PlainReading.MayDiffer(text) || HasRuns(text);

    /// <summary>Whether a run of the text may be encoded.</summary>
    internal static bool HasRuns(ReadOnlySpan<char> text)
    {
        var runs = new LongRuns(text, Base64Text.Letters, ShortestRun);
        while (runs.MoveNext())
        {
            if (Base64Text.IsWorthIt(text[runs.Start..runs.End]))
            {
                return true;
            }
        }

        return ByteLists.AreIn(text);
    }

    private static bool NextRun(string text, ref int at, out int length)
    {
        while (at < text.Length && text.AsSpan(at).IndexOfAny(Base64Text.Letters) is var start and >= 0)
        {
            at += start;
            var run = Base64Text.Run(text.AsSpan(at));
            length = run.Length;
            if (Base64Text.IsWorthIt(run))
            {
                return true;
            }

            at += length;
        }

        length = 0;
        return false;
    }

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

        return depth > 0 ? InLists(text, false, look, depth, ref packed) ?? InLists(text, true, look, depth, ref packed) : null;
    }

    private static string? InLists(string text, bool isHex, Look look, int depth, ref int packed)
    {
        var lists = new ByteLists(text, isHex);
        while (lists.MoveNext())
        {
            if (InText(lists.Read(), look, depth, ref packed) is { } kind)
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>What a run holds as a whole, or a line of it that stands for itself.</summary>
    private static string? In(ReadOnlySpan<char> run, Look look, int depth, ref int packed)
    {
        if (!run.Contains('\n'))
        {
            return InWhole(run, look, depth, ref packed);
        }

        var rented = ArrayPool<char>.Shared.Rent(run.Length);
        try
        {
            if (InWhole(rented.AsSpan(0, Base64Text.Join(run, rented)), look, depth, ref packed) is { } whole)
            {
                return whole;
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented, clearArray: true);
        }

        foreach (var line in run.EnumerateLines())
        {
            if (line.Trim(" \t") is var part && Base64Text.IsWorthIt(part) && !Base64Text.IsNumber(part)
                && InBase64(part, 1, look, depth, ref packed) is { } kind)
            {
                return kind;
            }
        }

        return null;
    }

    private static string? InWhole(ReadOnlySpan<char> run, Look look, int depth, ref int packed) =>
        InHex(run, look, depth, ref packed)
        ?? (Base64Text.IsNumber(run) ? null : InBase32(run, look, depth, ref packed) ?? InBase64(run, 4, look, depth, ref packed));

    private static string? InHex(ReadOnlySpan<char> run, Look look, int depth, ref int packed)
    {
        // Words and marks may stand before and behind, such as 0x or the folder of a path.
        var runs = new LongRuns(run, Hex, ShortestRun);
        while (runs.MoveNext())
        {
            var digits = run[runs.Start..runs.End];
            var rented = ArrayPool<byte>.Shared.Rent(digits.Length / 2);
            try
            {
                for (var skip = 0; skip < 2; skip++)
                {
                    Convert.FromHexString(digits.Slice(skip, (digits.Length - skip) / 2 * 2), rented, out _, out var written);
                    var bytes = rented.AsSpan(0, written);
                    if (HoldsText(bytes) && InBytes(bytes, look, depth, ref packed) is { } kind)
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
                    if (HoldsPlainText(bytes) && InBytes(bytes, look, depth, ref packed) is { } kind)
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

    private static string? InBase64(ReadOnlySpan<char> run, int skips, Look look, int depth, ref int packed)
    {
        // Most runs are no text in disguise, such as the parts of a path; looking at those makes nothing anew.
        var size = run.Length + 3;
        char[]? rented = size > MostOnStack ? ArrayPool<char>.Shared.Rent(size) : null;
        byte[]? rentedBytes = size > MostOnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<char> letters = rented ?? stackalloc char[MostOnStack];
        Span<byte> bytes = rentedBytes ?? stackalloc byte[MostOnStack];
        try
        {
            // Words may stand before it.
            run.CopyTo(letters);
            for (var skip = 0; skip < skips && run.Length - skip >= ShortestRun - 4; skip++)
            {
                var part = bytes[..Base64Text.Decode(letters, skip, run.Length, bytes)];
                if (HoldsText(part) && InBytes(part, look, depth, ref packed) is { } kind)
                {
                    return kind;
                }
            }

            return depth == MaxDepth && skips > 1 ? InBackward(letters, run.Length, bytes, look) : null;
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

    /// <summary>Backwards only on the outside, and for nothing that is packed or encoded again.</summary>
    private static string? InBackward(Span<char> letters, int length, Span<byte> bytes, Look look)
    {
        letters[..length].Reverse();
        for (var skip = 0; skip < 4; skip++)
        {
            if (!Base64Text.MayBeAscii(letters[skip..length]))
            {
                continue;
            }

            var part = bytes[..Base64Text.Decode(letters, skip, length, bytes)];
            if (HoldsPlainText(part) && look(PlainText(part)) is { } kind)
            {
                return kind;
            }
        }

        return null;
    }

    private static string? InBytes(ReadOnlySpan<byte> bytes, Look look, int depth, ref int packed)
    {
        if (Unpack(bytes, ref packed, out var isTooMuch) is { } unpacked)
        {
            bytes = unpacked;
        }
        else if (isTooMuch)
        {
            return "packed";
        }

        return (HoldsPlainText(bytes) ? InText(PlainText(bytes), look, depth, ref packed) : null)
            ?? (HoldsWideText(bytes)
                ? InText(Encoding.UTF8.GetString(bytes), look, depth, ref packed)
                    ?? InText(Encoding.Unicode.GetString(bytes), look, depth, ref packed)
                    ?? InText(Encoding.BigEndianUnicode.GetString(bytes), look, depth, ref packed)
                : null);
    }

    private static string? InText(string text, Look look, int depth, ref int packed) =>
        look(text) ?? InOther(text, look, depth - 1, ref packed);
}
