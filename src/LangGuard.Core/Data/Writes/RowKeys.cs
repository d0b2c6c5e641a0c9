namespace LangGuard.Data;

/// <summary>Sets of keys.</summary>
internal static class RowKeys
{
    internal static int Count(IReadOnlyList<object?[]> keys) => Names(keys).Count;

    internal static bool AreSame(IReadOnlyList<object?[]> one, IReadOnlyList<object?[]> other) => Names(one).SetEquals(Names(other));

    private static HashSet<string> Names(IReadOnlyList<object?[]> keys) =>
        keys.Select(key => RowImages.NameOf(key)).ToHashSet(StringComparer.Ordinal);
}
