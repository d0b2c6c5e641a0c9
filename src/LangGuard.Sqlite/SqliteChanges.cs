using LangGuard.Data;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>The tables that the running statement changes, as the engine tells row by row: triggers and foreign keys
/// included.</summary>
internal sealed class SqliteChanges
{
    private readonly Dictionary<string, TableChange> _tables = new(StringComparer.Ordinal);

    internal void Clear() => _tables.Clear();

    internal void Add(int action, string table)
    {
        table = SqlNames.Fold(table);
        var known = _tables.GetValueOrDefault(table, new TableChange("main", table, 0, 0, 0));
        _tables[table] = action switch
        {
            raw.SQLITE_INSERT => known with { Inserted = known.Inserted + 1 },
            raw.SQLITE_DELETE => known with { Deleted = known.Deleted + 1 },
            _ => known with { Updated = known.Updated + 1 },
        };
    }

    /// <summary>What was changed. The engine does not tell of tables without row ids and of a table that is emptied at once: rows
    /// beyond those told are of an unknown table.</summary>
    /// <param name="total">The rows that the engine counts, whatever the table.</param>
    internal IReadOnlyList<TableChange> Of(long total)
    {
        var rest = total - _tables.Values.Sum(table => table.Rows);
        return rest <= 0 ? [.. _tables.Values] : [.. _tables.Values, new TableChange(string.Empty, string.Empty, 0, rest, 0)];
    }
}
