using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>What a database holds, read once: the inspector resolves names against it. Immutable; a changed database is a
/// new snapshot.</summary>
internal sealed class SqlSchema
{
    private static long _lastVersion;

    private readonly FrozenDictionary<string, SqlTable>.AlternateLookup<ReadOnlySpan<char>> _inDefault;
    private readonly FrozenDictionary<string, FrozenDictionary<string, SqlTable>.AlternateLookup<ReadOnlySpan<char>>>
        .AlternateLookup<ReadOnlySpan<char>> _schemas;

    /// <summary>Takes a snapshot.</summary>
    /// <param name="dialect">The language of the database.</param>
    /// <param name="tables">Every table and view that the login can see.</param>
    /// <param name="functions">Names of functions that are not the engine's own.</param>
    /// <param name="types">Names of types that are not the engine's own, such as enumerations.</param>
    /// <param name="defaultSchema">The schema of names without one; by default <c>main</c> or <c>public</c>.</param>
    internal SqlSchema(
        SqlDialect dialect,
        IEnumerable<SqlTable> tables,
        IEnumerable<string>? functions = null,
        IEnumerable<string>? types = null,
        string? defaultSchema = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        Dialect = dialect;
        Version = Interlocked.Increment(ref _lastVersion);
        DefaultSchema = Fold(defaultSchema ?? (dialect switch { SqlDialect.Sqlite or SqlDialect.DuckDb => "main", SqlDialect.TSql => "dbo", _ => "public" }));
        Tables = [.. WithoutTwins(tables.Select(Fold))];
        Functions = (functions ?? []).Select(Fold).ToFrozenSet(StringComparer.Ordinal);
        Types = (types ?? []).Select(Fold).ToFrozenSet(StringComparer.Ordinal);
        foreach (var twins in Tables.GroupBy(table => $"{table.Schema}.{table.Name}", StringComparer.OrdinalIgnoreCase))
        {
            var unique = twins.Count() == 1;
            foreach (var table in twins)
            {
                table.IsNameUnique = unique;
            }
        }

        var schemas = Tables
            .GroupBy(table => table.Schema, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, Index, StringComparer.Ordinal);
        _schemas = schemas.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _inDefault = schemas.TryGetValue(DefaultSchema, out var known) ? known : Index([]);
    }

    internal SqlDialect Dialect { get; }

    /// <summary>Grows with every snapshot of the process; never reused.</summary>
    internal long Version { get; }

    internal string DefaultSchema { get; }

    internal IReadOnlyList<SqlTable> Tables { get; }

    /// <summary>Functions that are not the engine's own: a call by one of these names is never taken for a built-in.</summary>
    internal FrozenSet<string> Functions { get; }

    /// <summary>Operators that run code of the database's own.</summary>
    internal FrozenSet<string> Operators { get; init; } = [];

    /// <summary>Types that are not the engine's own.</summary>
    internal FrozenSet<string> Types { get; }

    /// <summary>Finds a table by names as the engine keeps them.</summary>
    /// <param name="schema">The schema, or empty for the default one.</param>
    /// <param name="name">The table.</param>
    internal SqlTable? Find(ReadOnlySpan<char> schema, ReadOnlySpan<char> name)
    {
        SqlTable? table;
        if (schema.IsEmpty)
        {
            return _inDefault.TryGetValue(name, out table) ? table : null;
        }

        return _schemas.TryGetValue(schema, out var tables) && tables.TryGetValue(name, out table) ? table : null;
    }

    private static FrozenDictionary<string, SqlTable>.AlternateLookup<ReadOnlySpan<char>> Index(
        IEnumerable<SqlTable> tables) =>
        tables
            .DistinctBy(table => table.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(table => table.Name, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private SqlTable Fold(SqlTable table) =>
        Folds
            ? new SqlTable(Fold(table.Schema), Fold(table.Name), table.Columns.Select(Fold), table.IsView)
            : table;

    private string Fold(string name) => Folds ? SqlNames.Fold(name) : name;

    private bool Folds => SqlLanguage.For(Dialect).FoldsQuotedNames;

    /// <summary>Where the server tells <c>Orders</c> from <c>orders</c> and statements are read without regard to case, neither
    /// is known.</summary>
    private IEnumerable<SqlTable> WithoutTwins(IEnumerable<SqlTable> tables) => SqlLanguage.For(Dialect).LooksFurther
        ? tables.GroupBy(table => (table.Schema, table.Name)).Where(group => group.Count() == 1).Select(group => group.Single())
        : tables;
}
