using System.Numerics;

namespace LangGuard;

/// <summary>Tells operations apart without keeping them. Seeded anew in each process, so that nobody can aim at a collision.</summary>
internal struct OperationHash
{
    private const int MostHashed = 64 * 1024;

    private ulong _state;

    internal readonly ulong Value => _state;

    internal void Add(ReadOnlySpan<char> text)
    {
        Add(text.Length);
        Mix(string.GetHashCode(text[..Math.Min(text.Length, MostHashed)]));
    }

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        var hash = default(HashCode);
        hash.AddBytes(bytes[..Math.Min(bytes.Length, MostHashed)]);
        Mix(hash.ToHashCode());
    }

    internal void Add(int number) => Mix(number);

    private void Mix(int value) =>
        _state = unchecked(BitOperations.RotateLeft((_state ^ (uint)value) * 0x9E3779B97F4A7C15UL, 29));
}
