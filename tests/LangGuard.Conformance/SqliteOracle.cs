using LangGuard.Data;
using LangGuard.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Conformance;

/// <summary>SQLite with an authorizer that only takes notes.</summary>
internal sealed class SqliteOracle : SqlOracle
{
    private const string Rows = "\0rows";

    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly HashSet<(string Table, string Origin)> _tables = [];
    private readonly HashSet<(string Table, string Column, string Origin)> _columns = [];
    private readonly HashSet<string> _functions = [];
    private readonly HashSet<int> _actions = [];
    private readonly strdelegate_authorizer _authorizer;

    public SqliteOracle(IEnumerable<string> setup)
    {
        _connection.Open();
        foreach (var statement in setup)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }

        Schema = SqliteSchemaReader.Read(_connection);
        _authorizer = (_, action, first, second, _, origin) => Note(action, first, second, origin ?? string.Empty);
        raw.sqlite3_set_authorizer(_connection.Handle, _authorizer, null);
    }

    public override SqlSchema Schema { get; }

    public override string? Missed(string sql, SqlFacts facts, out bool isComparable)
    {
        _tables.Clear();
        _columns.Clear();
        _functions.Clear();
        _actions.Clear();
        isComparable = Compile(sql, out var tail);
        if (!isComparable)
        {
            return null;
        }

        var views = facts.Tables.Where(use => use.Table is { IsView: true }).Select(use => use.Name)
            .Except(facts.CommonTables).ToHashSet(StringComparer.Ordinal);
        return Second(tail)
            ?? _tables.Where(table => !views.Contains(table.Origin) && !(table.Origin == Rows && views.Count > 0)
                    && !IsKnown(table.Table, facts))
                .Select(table => $"table {table.Table}").FirstOrDefault()
            ?? _columns.Where(column => !views.Contains(column.Origin) && !IsRead(column.Table, column.Column, facts))
                .Select(column => $"column {column.Table}.{column.Column}").FirstOrDefault()
            ?? _functions.Where(name => views.Count == 0 && facts.Functions.All(function =>
                    !string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase)))
                .Select(name => $"function {name}").FirstOrDefault()
            ?? (_actions.Contains(raw.SQLITE_INSERT) && (facts.Uses & SqlUse.Insert) == 0 ? "an insert"
                : _actions.Contains(raw.SQLITE_UPDATE) && (facts.Uses & SqlUse.Update) == 0 ? "an update"
                : _actions.Contains(raw.SQLITE_DELETE) && (facts.Uses & SqlUse.Delete) == 0 ? "a delete"
                : _actions.Overlaps([raw.SQLITE_PRAGMA, raw.SQLITE_ATTACH, raw.SQLITE_TRANSACTION, raw.SQLITE_CREATE_TABLE])
                    ? "something that is no query" : null);
    }

    public override void Dispose() => _connection.Dispose();

    private int Note(int action, string? first, string? second, string origin)
    {
        _actions.Add(action);
        if (action is raw.SQLITE_READ or raw.SQLITE_INSERT or raw.SQLITE_UPDATE or raw.SQLITE_DELETE && first is not null)
        {
            // A table of which only the number of rows counts is reported without the view through which it is read.
            _tables.Add((SqlNames.Fold(first), action == raw.SQLITE_READ && string.IsNullOrEmpty(second) ? Rows : SqlNames.Fold(origin)));
            if (action == raw.SQLITE_READ && !string.IsNullOrEmpty(second))
            {
                _columns.Add((SqlNames.Fold(first), SqlNames.Fold(second), SqlNames.Fold(origin)));
            }
        }

        // Operators are functions to the engine alone.
        if (action == raw.SQLITE_FUNCTION && second is { } name and not ("like" or "glob" or "->" or "->>"))
        {
            _functions.Add(name);
        }

        return raw.SQLITE_OK;
    }

    private bool Compile(string sql, out string tail)
    {
        var result = raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement, out tail);
        using (statement)
        {
            return result == raw.SQLITE_OK && !statement.IsInvalid;
        }
    }

    private string? Second(string tail)
    {
        while (tail.Length > 0)
        {
            var rest = tail;
            var result = raw.sqlite3_prepare_v2(_connection.Handle, rest, out var second, out tail);
            using (second)
            {
                if (result != raw.SQLITE_OK || !second.IsInvalid)
                {
                    return "a second statement";
                }
            }

            if (rest == tail)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Names of WITH, and tables that a function or the schema itself stands for, are known by other names.</summary>
    private static bool IsKnown(string table, SqlFacts facts) =>
        facts.Tables.Any(use => use.Name == table) || facts.CommonTables.Contains(table)
        || facts.Functions.Any(function => function.Name == table)
        || (table == "sqlite_master" && facts.Tables.Any(use => use.Name == "sqlite_schema"));

    /// <summary>The engine reports a row id as the key that it is, and reads rows of changes whole.</summary>
    private static bool IsRead(string table, string column, SqlFacts facts) =>
        facts.Kind is not (SqlStatementKind.Query or SqlStatementKind.Explain)
        || facts.Tables.FirstOrDefault(use => use.Name == table) is not { Table: { IsCatalog: false } known } use
        || use.UsesSystemColumns || known.IndexOf(column) is not (var index and >= 0) || use.ColumnUse(index) != SqlUse.None;
}
