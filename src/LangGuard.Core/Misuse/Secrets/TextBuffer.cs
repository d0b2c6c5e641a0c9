using System.Buffers;
using System.Text;

namespace LangGuard.Misuse;

/// <summary>Text that grows on the stack first and in a rented array then. To be disposed.</summary>
internal ref struct TextBuffer(Span<char> first)
{
    private Span<char> _text = first;
    private char[]? _rented;
    private int _length;

    internal readonly ReadOnlySpan<char> Written => _text[.._length];

    internal void Add(char one)
    {
        Free(1)[0] = one;
        _length++;
    }

    internal void Add(scoped ReadOnlySpan<char> text)
    {
        text.CopyTo(Free(text.Length));
        _length += text.Length;
    }

    internal void Add(scoped ReadOnlySpan<byte> utf8) => _length += Encoding.UTF8.GetChars(utf8, Free(utf8.Length));

    /// <summary>Adds the text with its percent-encoding undone once.</summary>
    internal void AddUnescaped(scoped ReadOnlySpan<char> text)
    {
        // Invariant: what is decoded is never longer.
        _length += Uri.TryUnescapeDataString(text, Free(text.Length), out var length)
            ? length
            : throw new InvalidOperationException("The decoded text is longer than the encoded one.");
    }

    internal void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            _text = default;
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private Span<char> Free(int length)
    {
        if (_text.Length - _length < length)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + length, 2 * _text.Length));
            Written.CopyTo(larger);
            Dispose();
            _text = _rented = larger;
        }

        return _text[_length..];
    }
}
