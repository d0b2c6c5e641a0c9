using System.Text;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Takes one change of rows back: all of its rows, and only if each is still as the change left it.</summary>
internal sealed class RowUndo(DatabaseEngine engine, DatabaseScope scope, DatabaseJournalEntry entry)
{
    private const string Changed = "Somebody has changed a row since.";
    private const string Others = "Rows of other tables would change with it.";
    private const string Failed = "The database refuses it.";

    private readonly RowReader _rows = entry.Rows;

    private IReadOnlyList<string> Columns => entry.Before.Columns;

    /// <summary>Why it was not taken back, or null.</summary>
    internal string? Run()
    {
        lock (entry)
        {
            if (entry.State == ChangeState.Undone)
            {
                return "It has been undone already.";
            }

            DatabaseEngineSession? lease = null;
            try
            {
                lease = engine.Open(scope);
                lease.Begin(repeatable: true);
                if (Restore(lease) is { } problem)
                {
                    return problem;
                }

                lease.Commit();
                entry.State = ChangeState.Undone;
                return null;
            }
            catch (Exception exception) when (IsOfDatabase(lease, exception))
            {
                return Failed;
            }
            finally
            {
                // Whatever has not been committed is taken back.
                Close(lease);
            }
        }
    }

    private static void Close(DatabaseEngineSession? lease)
    {
        try
        {
            lease?.Rollback();
        }
        catch (Exception exception) when (IsOfDatabase(lease, exception))
        {
            // The connection is lost, and the transaction with it.
        }
        finally
        {
            lease?.Dispose();
        }
    }

    private static bool IsOfDatabase(DatabaseEngineSession? lease, Exception exception) =>
        exception is GuardedDatabaseException or DbAccessDeniedException
        || lease?.Translate(exception, new DatabaseOperation(new Principal("host"), Effects.Write, "undo", "undo")) is not null;

    private string? Restore(DatabaseEngineSession lease)
    {
        var keys = entry.Keys.ToList();
        var limits = new RowLimits(long.MaxValue, scope.Options.Limits.Timeout);
        var now = _rows.Read(lease, keys, Columns, limits, CancellationToken.None);
        if (!IsSame(now, entry.After, keys))
        {
            return Changed;
        }

        foreach (var key in keys)
        {
            var change = lease.Change(Statement(key), int.MaxValue, CancellationToken.None);
            foreach (var table in change.Tables)
            {
                var isTarget = table.Table.Length == 0 || (table.Table == _rows.Table.Name && table.Schema == _rows.Table.Schema);
                if (isTarget ? table.Rows > 1 : !scope.AllowsSideEffect(table.Schema, table.Table, engine.Schema.DefaultSchema))
                {
                    return Others;
                }
            }
        }

        // What triggers made of it counts, not what was asked for.
        return IsSame(_rows.Read(lease, keys, Columns, limits, CancellationToken.None), entry.Before, keys) ? null : Failed;
    }

    private static bool IsSame(RowImages rows, RowImages expected, List<object?[]> keys) =>
        keys.TrueForAll(key => expected.Find(key) is { } values ? rows.Holds(key, values) : rows.Find(key) is null);

    private EngineStatement Statement(object?[] key)
    {
        var text = new StringBuilder();
        var parameters = new List<KeyValuePair<string, object?>>();
        if (entry.Before.Find(key) is not { } values)
        {
            text.Append("DELETE FROM ").Append(_rows.TableName).Append(" WHERE ");
            _rows.AppendKeys(text, [key], parameters);
        }
        else if (entry.After.Find(key) is null)
        {
            text.Append("INSERT INTO ").Append(_rows.TableName).Append(" (")
                .AppendJoin(", ", Columns.Select(RowReader.Quote)).Append(')')
                .Append(_rows.Details.OverridesIdentity ? " OVERRIDING SYSTEM VALUE" : string.Empty).Append(" VALUES (");
            AppendValues(text, values, parameters, assign: false);
            text.Append(')');
        }
        else
        {
            text.Append("UPDATE ").Append(_rows.TableName).Append(" SET ");
            AppendValues(text, values, parameters, assign: true);
            text.Append(" WHERE ");
            _rows.AppendKeys(text, [key], parameters);
        }

        return new EngineStatement(text.ToString(), parameters, scope.Options.Limits.Timeout) { IsOwn = true };
    }

    private void AppendValues(
        StringBuilder text, object?[] values, List<KeyValuePair<string, object?>> parameters, bool assign)
    {
        for (var i = 0; i < values.Length; i++)
        {
            parameters.Add(RowReader.Parameter(parameters.Count + 1, values[i]));
            text.Append(i == 0 ? string.Empty : ", ")
                .Append(assign ? $"{RowReader.Quote(Columns[i])} = " : string.Empty)
                .Append(_rows.Mark(parameters.Count, Columns[i]));
        }
    }
}
