using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Tries a change in a transaction that is always taken back, and shows what it would do.</summary>
internal static class WritePreviewer
{
    internal static async Task<WritePreview> PreviewAsync(
        GuardedDbDataSource source, string text, IReadOnlyList<KeyValuePair<string, object?>> parameters,
        CancellationToken cancellationToken)
    {
        var (change, statement) = StatementRunner.Inspect(source, text, parameters, 0);
        var operation = new DatabaseOperation(
            change.Principal, change.Database, change.Statement, change.Facts!, change.DefaultSchema, change.Parameters,
            isPreview: true)
        {
            Place = change.Place,
        };
        using var permit = await source.Session.AuthorizeAsync(operation, cancellationToken).ConfigureAwait(false);
        var grant = (DatabaseGrant)permit.Grant;
        using var connection = new GuardedDbConnection(source);
        connection.Open();
        return StatementRunner.Translated(connection, operation, () =>
        {
            var confined = StatementRunner.Confine(source, operation, statement, grant);
            StatementLimits.Check(connection, operation, confined, grant, cancellationToken);
            var keyed = KeyedChange.TryCreate(source.Engine, confined, operation, grant)
                ?? throw ChangeRunner.Denied(DatabaseReasons.NoPreview, operation);
            permit.BeginResult();
            var reserved = source.Budget.ReserveRows(grant.MaxAffectedRows, grant.SessionRows);
            var used = 0;
            try
            {
                connection.Engine.Begin(repeatable: true);
                var (pending, rows) = Try(
                    connection, operation, keyed, parameters, grant, reserved, cancellationToken);
                source.Session.State<PendingWrites>().Add(pending);
                used = pending.Affected;
                permit.Complete(OperationOutcome.Success(rows: used));
                return new WritePreview(
                    pending.Token, pending.ExpiresAt, keyed.Rows.Table.Name, pending.Affected, rows);
            }
            finally
            {
                connection.Engine.Rollback();
                source.Budget.SettleRows(reserved, used);
            }
        });
    }

    private static (PendingWrite Pending, IReadOnlyList<WritePreviewRow> Rows) Try(
        GuardedDbConnection connection, DatabaseOperation operation, KeyedChange keyed,
        IReadOnlyList<KeyValuePair<string, object?>> parameters, DatabaseGrant grant, int reserved,
        CancellationToken cancellationToken)
    {
        var source = connection.Source;
        var lease = connection.Engine;
        var limits = new RowLimits(grant.MaxBytes, keyed.Statement.Timeout);
        var columns = grant.VisibleColumns(keyed.Rows.Table, operation.DefaultSchema);
        var statement = ChangeRunner.Guarded(keyed.Statement, operation, grant);

        var keys = Change(lease, operation, statement with { IsTrial = true }, grant, reserved, cancellationToken).Keys;
        var before = Read(lease, operation, keyed, keyed.TouchesRows ? keys : [], columns, limits, cancellationToken);
        var change = Change(lease, operation, statement, grant, reserved, cancellationToken);
        var after = Read(lease, operation, keyed, change.Keys, keyed.TellsKeys ? columns : [], limits, cancellationToken);
        if (keyed.TouchesRows
            && (!RowKeys.AreSame(keys, change.Keys) || !keys.All(RowReader.IsKey)
                || (keyed.Change.Kind != SqlStatementKind.Insert && columns.Count > 0 && before.Count != RowKeys.Count(keys))))
        {
            throw ChangeRunner.Denied(DatabaseReasons.NoPreview, operation);
        }

        if (before.LargestValue > grant.MaxCellBytes || after.LargestValue > grant.MaxCellBytes)
        {
            throw ChangeRunner.Denied(DatabaseReasons.CellLimit, operation);
        }

        var pending = new PendingWrite
        {
            Token = PendingWrites.NewToken(),
            Owner = source.Session.Whole.Id,
            Database = source.Name,
            Text = operation.Statement,
            Parameters = parameters,
            Affected = change.Affected,
            Keys = keyed.TouchesRows ? keys : [],
            Columns = columns,
            Before = before.Hash(),
            ExpiresAt = source.Session.Tree.TimeProvider.GetUtcNow() + grant.PreviewLifetime,
        };
        var masked = grant.MaskedColumns(keyed.Rows.Table, operation.DefaultSchema);
        return (pending, columns.Count == 0 ? [] : Rows(before, after, masked));
    }

    private static EngineChange Change(
        DatabaseEngineSession lease, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant, int reserved,
        CancellationToken cancellationToken)
    {
        var change = lease.Change(statement, reserved, cancellationToken);
        return change.Affected >= 0 ? change : throw ChangeRunner.Denied(
            change.Affected == -1 && reserved < grant.MaxAffectedRows
                ? DatabaseReasons.SessionRows
                : ChangeRunner.ReasonFor(change.Affected),
            operation);
    }

    /// <summary>Reads rows for a preview, or to compare them with one.</summary>
    internal static RowImages Read(
        DatabaseEngineSession lease, DatabaseOperation operation, KeyedChange keyed, IReadOnlyList<object?[]> keys,
        IReadOnlyList<string> columns, in RowLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            return keyed.Rows.Read(lease, keys, columns, limits, cancellationToken);
        }
        catch (RowsTooLargeException)
        {
            throw ChangeRunner.Denied(DatabaseReasons.ByteLimit, operation);
        }
    }

    private static List<WritePreviewRow> Rows(RowImages before, RowImages after, IReadOnlyList<string> masked)
    {
        var rows = new List<WritePreviewRow>();
        foreach (var (key, values) in before.All)
        {
            rows.Add(new WritePreviewRow(
                ToRow(before, values, masked), after.Find(key) is { } now ? ToRow(after, now, masked) : null));
        }

        rows.AddRange(after.All
            .Where(row => before.Find(row.Key) is null)
            .Select(row => new WritePreviewRow(null, ToRow(after, row.Values, masked))));
        return rows;
    }

    /// <summary>A row by its columns. Those that are masked are there without their value.</summary>
    private static Dictionary<string, object?> ToRow(RowImages images, object?[] values, IReadOnlyList<string> masked)
    {
        var row = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            row[images.Columns[i]] = values[i];
        }

        foreach (var column in masked)
        {
            row[column] = null;
        }

        return row;
    }
}
