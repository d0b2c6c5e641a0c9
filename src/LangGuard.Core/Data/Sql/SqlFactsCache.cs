namespace LangGuard.Data;

/// <summary>Remembers what was read, since agents repeat statements. Bounded: a full set forgets one entry for a new one.</summary>
internal sealed class SqlFactsCache
{
    private const int Sets = 128;
    private const int Ways = 4;

    /// <summary>Longer texts are read again each time, so that the cache stays small.</summary>
    private const int MaxLength = 8 * 1024;

    private readonly Entry?[] _entries = new Entry?[Sets * Ways];
    private uint _next;

    internal static SqlFactsCache Shared { get; } = new();

    internal SqlInspection GetOrAdd(string sql, SqlDialect dialect, SqlSchema schema)
    {
        if (sql.Length > MaxLength)
        {
            return SqlInspector.Inspect(sql.AsSpan(), dialect, schema);
        }

        var set = (int)(Hash(sql) % Sets) * Ways;
        for (var i = 0; i < Ways; i++)
        {
            var entry = Volatile.Read(ref _entries[set + i]);
            if (entry is not null && ReferenceEquals(entry.Schema, schema) && entry.Dialect == dialect
                && string.Equals(entry.Text, sql, StringComparison.Ordinal))
            {
                return entry.Inspection;
            }
        }

        var inspection = SqlInspector.Inspect(sql.AsSpan(), dialect, schema);
        var way = (int)(Interlocked.Increment(ref _next) % Ways);
        Volatile.Write(ref _entries[set + way], new Entry(sql, dialect, schema, inspection));
        return inspection;
    }

    /// <summary>A hash of the length and of some characters. Collisions cost time only: entries are compared in full.</summary>
    private static uint Hash(string sql)
    {
        var hash = (uint)sql.Length;
        var step = Math.Max(1, sql.Length / 32);
        unchecked
        {
            for (var i = sql.Length - 1; i >= 0; i -= step)
            {
                hash = (hash * 16777619) ^ sql[i];
            }

            return hash ^ (hash >> 15);
        }
    }

    private sealed record Entry(string Text, SqlDialect Dialect, SqlSchema Schema, SqlInspection Inspection);
}
