using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>A table or view in the schema snapshot.</summary>
internal sealed class SqlTable
{
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ordinals;

    internal SqlTable(string schema, string name, IEnumerable<string> columns, bool isView = false)
        : this(schema, name, [.. columns], isView, isCatalog: false)
    {
    }

    private SqlTable(string schema, string name, string[] columns, bool isView, bool isCatalog)
    {
        Schema = schema;
        Name = name;
        Columns = columns;
        IsView = isView;
        IsCatalog = isCatalog;
        var ordinals = new Dictionary<string, int>(columns.Length, StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            ordinals.TryAdd(columns[i], i);
        }

        _ordinals = ordinals.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The schema: <c>main</c> in SQLite, <c>public</c> and others in PostgreSQL.</summary>
    internal string Schema { get; }

    /// <summary>The name as the engine keeps it; in SQLite in lower case.</summary>
    internal string Name { get; }

    /// <summary>The columns in order, as the engine keeps them; in SQLite in lower case. Empty for a catalog.</summary>
    internal IReadOnlyList<string> Columns { get; }

    internal bool IsView { get; }

    /// <summary>Whether this is a catalog of the engine, whose columns the snapshot does not hold.</summary>
    internal bool IsCatalog { get; }

    /// <summary>Whether no other table of the schema has this name in another case. A policy names tables without regard
    /// to case; where that does not name one table, only the exact spelling counts.</summary>
    internal bool IsNameUnique { get; set; } = true;

    internal static SqlTable Catalog(string schema, string name) => new(schema, name, [], isView: true, isCatalog: true);

    /// <summary>The index of a column, or -1.</summary>
    internal int IndexOf(ReadOnlySpan<char> column) => _ordinals.TryGetValue(column, out var index) ? index : -1;

    public override string ToString() => $"{Schema}.{Name}";
}
