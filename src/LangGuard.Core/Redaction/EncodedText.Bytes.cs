using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace LangGuard.Redaction;

/// <content>What bytes are: text, something packed, or neither.</content>
internal static partial class EncodedText
{
    /// <summary>Whether bytes hold as much text in one piece as the shortest secret has, text of two bytes a letter, or something
    /// packed.</summary>
    private static bool HoldsText(ReadOnlySpan<byte> bytes) =>
        bytes is [0x78, 0x01 or 0x5E or 0x9C or 0xDA, ..] || bytes.IndexOf(Gzip) >= 0 || HoldsWideText(bytes) || HoldsPlainText(bytes);

    /// <summary>Some bytes are zero, each an even way behind the last: letters of two bytes, with others between.</summary>
    private static bool HoldsWideText(ReadOnlySpan<byte> bytes)
    {
        const int Farthest = 32;
        const int Least = 4;
        Span<int> last = [-Farthest - 1, -Farthest - 1];
        Span<int> count = [0, 0];
        for (var i = 0; i < bytes.Length && bytes[i..].IndexOf((byte)0) is var next and >= 0; i++)
        {
            i += next;
            count[i & 1] = i - last[i & 1] <= Farthest ? count[i & 1] + 1 : 1;
            last[i & 1] = i;
            if (count[i & 1] >= Least)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsPlainText(ReadOnlySpan<byte> bytes)
    {
        const int Least = EncodedForms.MinLength;
        for (var i = 0; i + Least <= bytes.Length; i++)
        {
            // One look at the end of what is asked for spares most of them.
            if (!MayBeText(bytes[i + Least - 1]))
            {
                i += Least - 1;
                continue;
            }

            var length = PlainLength(bytes[i..], Least);
            if (length >= Least)
            {
                return true;
            }

            i += length;
        }

        return false;
    }

    private static bool MayBeText(byte one) => one is (>= 0x20 and not 0x7F) or (byte)'\t' or (byte)'\r' or (byte)'\n';

    /// <summary>The pieces that are text, one a line: most of what is decoded is no text, and is not worth a look.</summary>
    private static string PlainText(ReadOnlySpan<byte> bytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length + 1);
        try
        {
            var written = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var length = PlainLength(bytes[i..], bytes.Length);
                if (length >= EncodedForms.MinLength)
                {
                    bytes.Slice(i, length).CopyTo(rented.AsSpan(written));
                    rented[written + length] = (byte)'\n';
                    written += length + 1;
                }

                i += length;
            }

            return Encoding.UTF8.GetString(rented.AsSpan(0, written));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>How many bytes are text, at the beginning.</summary>
    private static int PlainLength(ReadOnlySpan<byte> bytes, int enough)
    {
        var length = 0;
        while (length < bytes.Length && length < enough)
        {
            if (bytes[length] is >= 0x20 and < 0x7F or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                length++;
            }
            else if (bytes[length] >= 0xC2 && length + 1 < bytes.Length && (bytes[length + 1] & 0xC0) == 0x80
                && Rune.DecodeFromUtf8(bytes[length..], out _, out var consumed) == OperationStatus.Done)
            {
                length += consumed;
            }
            else
            {
                break;
            }
        }

        return length;
    }

    private static byte[]? Unpack(ReadOnlySpan<byte> bytes, ref int packed, out bool isTooMuch)
    {
        isTooMuch = false;
        var gzip = bytes.IndexOf(Gzip);
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
            using var source = new MemoryStream(bytes[Math.Max(0, gzip)..].ToArray());
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
