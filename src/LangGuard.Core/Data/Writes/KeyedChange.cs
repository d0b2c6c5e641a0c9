using System.Text;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>A change of one table whose rows can be told apart: it tells the key of each row that it touches.</summary>
internal sealed class KeyedChange
{
    private KeyedChange(EngineStatement statement, SqlChange change, RowReader rows)
    {
        Statement = statement;
        Change = change;
        Rows = rows;
    }

    /// <summary>What runs, with the keys behind everything else that it returns.</summary>
    internal EngineStatement Statement { get; }

    internal SqlChange Change { get; }

    /// <summary>Reads rows of the table by their keys.</summary>
    internal RowReader Rows { get; }

    /// <summary>Whether rows that exist are changed or removed; otherwise there are only new ones.</summary>
    internal bool TouchesRows => Change.Kind != SqlStatementKind.Insert || Change.ConflictWhereEnd >= 0;

    /// <summary>Whether the change tells the keys. One that only adds rows can do without.</summary>
    internal bool TellsKeys => Statement.KeyColumns > 0;

    /// <summary>Adds the keys to a statement.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="statement">What will run, confined.</param>
    /// <param name="operation">What was decided on.</param>
    /// <param name="grant">Says which columns may be read.</param>
    /// <returns>Null when the rows that it touches can not be told apart.</returns>
    internal static KeyedChange? TryCreate(
        DatabaseEngine engine, EngineStatement statement, DatabaseOperation operation, DatabaseGrant grant)
    {
        if (statement.Facts is not { Kind: not SqlStatementKind.Query, Changes: [var change] }
            || change.Replaces || change.Target.Table is not { IsView: false, IsCatalog: false } table)
        {
            return null;
        }

        var details = engine.Describe(table);
        var rows = new RowReader(engine.Dialect, table, details);
        var visible = grant.VisibleColumns(table, operation.DefaultSchema);

        // A key that changes leads from no row to any other, and one that may not be read is not told.
        var hasKey = details.Key.Count > 0 && details.Key.All(column =>
            visible.Contains(column) && (change.Target.ColumnUse(table.IndexOf(column)) & SqlUse.Update) == 0);
        return hasKey ? WithKeys(engine, statement, change, rows)
            : change.Kind == SqlStatementKind.Insert && change.ConflictWhereEnd < 0 ? new KeyedChange(statement, change, rows)
            : null;
    }

    private static KeyedChange? WithKeys(DatabaseEngine engine, EngineStatement statement, SqlChange change, RowReader rows)
    {
        var at = change.ReturningEnd < 0 ? change.End : change.ReturningEnd;
        var list = string.Join(", ", rows.Details.Key.Select(column => rows.Returned(column, change.Alias)));
        var text = new StringBuilder(statement.Text, statement.Text.Length + list.Length + 16)
            .Insert(at, $"{(change.ReturningEnd < 0 ? "\nRETURNING " : ", ")}{list} ")
            .ToString();

        // Read again as it will run, as after every rewriting.
        return SqlInspector.Inspect(text, engine.Dialect, engine.Schema).Facts is { Changes: [var read] } facts
            && facts.Kind == statement.Facts!.Kind && read.Kind == change.Kind
            ? new KeyedChange(
                statement with { Text = text, Facts = facts, KeyColumns = rows.Details.Key.Count }, change, rows)
            : null;
    }
}
