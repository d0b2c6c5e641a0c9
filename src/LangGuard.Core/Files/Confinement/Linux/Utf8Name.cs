using System.Text.Unicode;

namespace LangGuard.Files;

/// <summary>Writes a name as the NUL-terminated bytes that the kernel takes. Ill-formed text is refused, never replaced.</summary>
internal static unsafe class Utf8Name
{
    private const int KernelLimit = 4096;

    public static int Capacity(ReadOnlySpan<char> name) => (Math.Min(name.Length, KernelLimit) * 3) + 1;

    public static bool TryWrite(ReadOnlySpan<char> name, byte* buffer, int capacity)
    {
        Span<byte> target = new(buffer, capacity);
        if (name.Length > KernelLimit || name.Contains('\0')
            || Utf8.FromUtf16(name, target[..(capacity - 1)], out _, out int written, replaceInvalidSequences: false)
                != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        buffer[written] = 0;
        return written < KernelLimit;
    }
}
