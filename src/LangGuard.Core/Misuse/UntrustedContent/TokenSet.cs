namespace LangGuard.Misuse;

/// <summary>Words that were seen, as hashes that nobody can aim at. Bounded: the oldest half is forgotten, which can only
/// make the guard ask. Not thread-safe.</summary>
internal sealed class TokenSet(int capacity)
{
    private HashSet<ulong> _young = [];
    private HashSet<ulong> _old = [];

    internal void AddAll(ReadOnlySpan<char> text)
    {
        while (Next(ref text, out var token))
        {
            Add(Hash(token));
            if (Wording.HasOwnCase(token))
            {
                Add(ExactHash(token));
            }
        }
    }

    internal void Add(ulong hash)
    {
        if (_young.Count >= capacity / 2)
        {
            _old = _young;
            _young = [];
        }

        _young.Add(hash);
    }

    internal void Remove(ulong hash)
    {
        _young.Remove(hash);
        _old.Remove(hash);
    }

    internal bool Contains(ulong hash) => _young.Contains(hash) || _old.Contains(hash);

    internal static ulong Hash(ReadOnlySpan<char> token) =>
        unchecked(((ulong)(uint)token.Length << 32) | (uint)string.GetHashCode(token, StringComparison.OrdinalIgnoreCase));

    /// <summary>The hash of a word in which the letter case counts.</summary>
    internal static ulong ExactHash(ReadOnlySpan<char> token) =>
        unchecked(0x8000_0000_0000_0000UL | ((ulong)(uint)token.Length << 32) | (uint)string.GetHashCode(token, StringComparison.Ordinal));

    /// <summary>The next run of letters and digits.</summary>
    internal static bool Next(scoped ref ReadOnlySpan<char> text, out ReadOnlySpan<char> token)
    {
        var start = 0;
        while (start < text.Length && !char.IsLetterOrDigit(text[start]))
        {
            start++;
        }

        var end = start;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        token = text[start..end];
        text = text[end..];
        return !token.IsEmpty;
    }
}
