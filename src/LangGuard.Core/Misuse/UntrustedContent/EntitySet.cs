namespace LangGuard.Misuse;

/// <summary>Entities in canonical form, compared whole. Bounded: when full, nothing more becomes known. Not thread-safe.</summary>
internal sealed class EntitySet(int capacity)
{
    private readonly HashSet<string>[] _byKind =
        [.. Enum.GetValues<EntityKind>().Select(_ => new HashSet<string>(StringComparer.Ordinal))];

    private int _count;

    internal void Add(EntityKind kind, ReadOnlySpan<char> key)
    {
        if (_count < capacity && _byKind[(int)kind].GetAlternateLookup<ReadOnlySpan<char>>().Add(key))
        {
            _count++;
        }
    }

    internal bool Contains(EntityKind kind, ReadOnlySpan<char> key) =>
        _byKind[(int)kind].GetAlternateLookup<ReadOnlySpan<char>>().Contains(key);
}
