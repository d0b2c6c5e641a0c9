using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Reads base32: letters of one case and the digits from 2 to 7.</summary>
internal static class Base32Text
{
    private const int ShortestRun = 24;
    private static readonly SearchValues<char> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    private static readonly SearchValues<char> Lower = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567");

    /// <summary>The stretches of a run that may be base32.</summary>
    internal static LongRuns Runs(ReadOnlySpan<char> run) =>
        new(run, run.ContainsAnyInRange('A', 'Z') ? Upper : Lower, ShortestRun);

    /// <summary>Five bytes for eight letters; returns how many were written.</summary>
    internal static int Decode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var (buffer, bits, length) = (0, 0, 0);
        foreach (var c in text)
        {
            buffer = ((buffer << 5) | Digit(c)) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[length++] = (byte)((buffer >> bits) & 0xFF);
            }
        }

        return length;
    }

    private static int Digit(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a',
        _ => c - '2' + 26,
    };
}
