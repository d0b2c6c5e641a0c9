namespace LangGuard.Http;

/// <summary>The form in which bytes are compared: letter case makes no difference, nor which of the two base64 alphabets
/// was used, nor whether a form wrote a space as '+'.</summary>
internal static class ScrubFold
{
    private static readonly byte[] Table = MakeTable();

    public static byte Of(byte value) => Table[value];

    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var folded = new byte[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            folded[i] = Table[bytes[i]];
        }

        return folded;
    }

    private static byte[] MakeTable()
    {
        var table = new byte[256];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = i switch
            {
                >= 'A' and <= 'Z' => (byte)(i + ('a' - 'A')),
                '-' or ' ' => (byte)'+',
                '_' => (byte)'/',
                _ => (byte)i,
            };
        }

        return table;
    }
}
