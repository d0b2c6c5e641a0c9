using LangGuard.Data;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>What the planner expects of a statement.</summary>
internal sealed partial class SqliteEngineSession
{
    internal override PlanEstimate? Estimate(EngineStatement statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var steps = new List<SqlitePlan.Step>();
        _authorizer.Announce(statement);
        _authorizer.Begin(statement);
        try
        {
            var result = raw.sqlite3_prepare_v2(
                _connection.Handle, $"EXPLAIN QUERY PLAN {statement.Text}", out var compiled, out _);
            using (compiled)
            {
                ThrowOn(result);
                while (raw.sqlite3_step(compiled) == raw.SQLITE_ROW)
                {
                    steps.Add(new SqlitePlan.Step(
                        raw.sqlite3_column_int(compiled, 0),
                        raw.sqlite3_column_int(compiled, 1),
                        raw.sqlite3_column_text(compiled, 3).utf8_to_string()));
                }
            }
        }
        finally
        {
            _authorizer.End();
        }

        return new SqlitePlan(steps, name => RowsOf(name, statement.Facts)).Estimate();
    }

    /// <summary>About how many rows a table has: its highest row id, which the engine finds at once. A plan calls a table by
    /// its alias.</summary>
    private double? RowsOf(string alias, SqlFacts? facts)
    {
        double? rows = null;
        foreach (var reference in facts?.References ?? [])
        {
            if (string.Equals(reference.Alias, alias, StringComparison.OrdinalIgnoreCase)
                && reference.Use.Table is { IsView: false } table)
            {
                rows = Math.Max(rows ?? 0, HighestRow(table.Name));
            }
        }

        return rows;
    }

    private double HighestRow(string table)
    {
        _authorizer.IsOwn = true;
        try
        {
            var result = raw.sqlite3_prepare_v2(
                _connection.Handle,
                $"SELECT max(rowid) FROM main.\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", out var compiled, out _);
            using (compiled)
            {
                // A table without row ids: nothing is known, and the deadline is there for it.
                return result == raw.SQLITE_OK && raw.sqlite3_step(compiled) == raw.SQLITE_ROW
                    ? Math.Max(raw.sqlite3_column_double(compiled, 0), 1)
                    : 1;
            }
        }
        finally
        {
            _authorizer.IsOwn = false;
        }
    }
}
