using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>One statement behind the guard: inspected, decided, then run exactly as it was decided on.</summary>
internal sealed class GuardedDbCommand : DbCommand
{
    private readonly GuardedDbParameterCollection _parameters = new();
    private readonly CancellationTokenSource _cancelled = new();
    private GuardedDbConnection? _connection;
    private int _timeout = 30;

    [AllowNull]
    public override string CommandText { get; set => field = value ?? string.Empty; } = string.Empty;

    public override int CommandTimeout
    {
        get => _timeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _timeout = value;
        }
    }

    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
            {
                throw new NotSupportedException("Only statements as text are supported; stored procedures can not be inspected.");
            }
        }
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => _connection = value is null or GuardedDbConnection
            ? (GuardedDbConnection?)value
            : throw new InvalidCastException("The connection was made by another provider.");
    }

    protected override DbParameterCollection DbParameterCollection => _parameters;

    protected override DbTransaction? DbTransaction
    {
        get => _connection?.Transaction;
        set
        {
            if (value is not null && !ReferenceEquals(value, _connection?.Transaction))
            {
                throw new InvalidOperationException("The transaction is not the one of the command's connection.");
            }
        }
    }

    private GuardedDbConnection Open => _connection is { State: ConnectionState.Open } open
        ? open
        : throw new InvalidOperationException("The command has no open connection.");

    public override void Cancel() => _cancelled.Cancel();

    public override void Prepare()
    {
        // Nothing to do: the inspector remembers texts, and the engine compiles on first use.
    }

    public override int ExecuteNonQuery()
    {
        var (connection, operation, statement) = Inspect();
        using var permit = connection.Source.Session.Authorize(operation);
        return Change(connection, permit, operation, statement, _cancelled.Token);
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (connection, operation, statement) = Inspect();
        using var permit = await connection.Source.Session.AuthorizeAsync(operation, cancellationToken).ConfigureAwait(false);
        return Change(connection, permit, operation, statement, cancellationToken);
    }

    public override object? ExecuteScalar()
    {
        using var reader = ExecuteDbDataReader(CommandBehavior.SingleRow);
        return reader.Read() && reader.FieldCount > 0 ? reader.GetValue(0) : null;
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        var reader = await ExecuteDbDataReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && reader.FieldCount > 0
                ? reader.GetValue(0)
                : null;
        }
    }

    protected override DbParameter CreateDbParameter() => new GuardedDbParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        var (connection, operation, statement) = Inspect();
        var permit = connection.Source.Session.Authorize(operation);
        return Query(connection, permit, operation, statement, behavior, _cancelled.Token);
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (connection, operation, statement) = Inspect();
        var permit = await connection.Source.Session.AuthorizeAsync(operation, cancellationToken).ConfigureAwait(false);
        return Query(connection, permit, operation, statement, behavior, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancelled.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads connection, text and parameters once: what is inspected here is what runs, and where, although an
    /// approval takes its time and the caller may set other ones meanwhile.</summary>
    private (GuardedDbConnection Connection, DatabaseOperation Operation, EngineStatement Statement) Inspect()
    {
        var connection = Open;
        var source = connection.Source;
        var text = CommandText;
        var parameters = _parameters.Snapshot();
        var schema = source.Engine.Schema;
        var inspection = SqlInspector.Inspect(text, source.Engine.Dialect, schema);
        if (inspection.Facts is null && !ReferenceEquals(source.Engine.Refresh(), schema))
        {
            // The schema has changed since it was read: the text may be right after all.
            schema = source.Engine.Schema;
            inspection = SqlInspector.Inspect(text, source.Engine.Dialect, schema);
        }

        if (inspection.Facts is not { } facts)
        {
            throw Refuse(source, text, inspection.Refusal!);
        }

        var values = parameters.Count == 0
            ? string.Empty
            : string.Join('\n', parameters.Select(parameter =>
                string.Create(CultureInfo.InvariantCulture, $"{parameter.Key}={ValueText(parameter.Value)}")));
        var operation = new DatabaseOperation(
            source.Session.Principal, source.Name, text, facts, schema.DefaultSchema, values);
        var limit = source.Scope.Grant.Timeout;
        var timeout = _timeout > 0 && TimeSpan.FromSeconds(_timeout) < limit ? TimeSpan.FromSeconds(_timeout) : limit;
        return (connection, operation, new EngineStatement(text, parameters, timeout) { Facts = facts });
    }

    private static DbAccessDeniedException Refuse(GuardedDbDataSource source, string text, SqlRefusal refusal)
    {
        var operation = new DatabaseOperation(source.Session.Principal, Effects.All, source.Name, text);
        var reason = new Reason(
            DatabaseReasons.Statement.Rule,
            $"{refusal.Message} At character {refusal.Position + 1}; expected {refusal.Expected}.",
            Retry.ChangeArguments);
        var answer = source.Session.Refuse(operation, reason);
        return new DbAccessDeniedException(answer.Decision, operation);
    }

    private static int Change(
        GuardedDbConnection connection, Permit permit, DatabaseOperation operation, EngineStatement statement,
        CancellationToken cancellationToken)
    {
        if (!operation.Facts!.ChangesData)
        {
            using var reader = Query(connection, permit, operation, statement, CommandBehavior.Default, cancellationToken);
            while (reader.Read())
            {
                // Rows of a query are of no interest here, but the statement runs to its end.
            }

            return -1;
        }

        var change = ChangeRows(connection, permit, operation, statement, cancellationToken);
        change.Rows?.Dispose();
        return change.Affected;
    }

    private static EngineChange ChangeRows(
        GuardedDbConnection connection, Permit permit, DatabaseOperation operation, EngineStatement statement,
        CancellationToken cancellationToken)
    {
        if (connection.Reader is not null)
        {
            throw new InvalidOperationException("The connection has an open reader already.");
        }

        var grant = (DatabaseGrant)permit.Grant;
        statement = Confine(connection, grant, operation, statement) with { MaxRows = grant.MaxRows, MaxBytes = grant.MaxBytes };
        var change = Run(connection, operation, () => connection.Engine.Change(statement, grant.MaxAffectedRows, cancellationToken));
        if (change.Affected < 0)
        {
            throw new DbAccessDeniedException(Decision.Deny(ReasonFor(change.Affected)), operation);
        }

        permit.Complete(OperationOutcome.Success(rows: change.Affected));
        return change;
    }

    private static Reason ReasonFor(int refusal) => refusal switch
    {
        DatabaseEngineSession.OutOfScope => DatabaseReasons.RowScope,
        DatabaseEngineSession.TooManyRows => DatabaseReasons.RowLimit,
        DatabaseEngineSession.TooManyBytes => DatabaseReasons.ByteLimit,
        _ => DatabaseReasons.AffectedRows,
    };

    [SuppressMessage("Reliability", "CA2000", Justification = "The guarded reader owns what it reads from.")]
    private static GuardedDbDataReader Query(
        GuardedDbConnection connection, Permit permit, DatabaseOperation operation, EngineStatement statement,
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        try
        {
            if (connection.Reader is not null)
            {
                throw new InvalidOperationException("The connection has an open reader already.");
            }

            if (operation.Facts!.ChangesData)
            {
                var change = ChangeRows(connection, permit, operation, statement, cancellationToken);
                return connection.Reader = new GuardedDbDataReader(
                    change.ToReader(), permit, operation, connection, behavior, change.Affected);
            }

            statement = Confine(connection, (DatabaseGrant)permit.Grant, operation, statement);
            permit.BeginResult();
            var inner = Run(connection, operation, () => connection.Engine.Query(statement, cancellationToken));
            if (operation.Facts.ResultColumns >= 0 && inner.FieldCount != operation.Facts.ResultColumns)
            {
                inner.Dispose();
                connection.Source.Engine.Refresh();
                throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Metadata), operation);
            }

            return connection.Reader = new GuardedDbDataReader(inner, permit, operation, connection, behavior);
        }
        catch
        {
            permit.Dispose();
            throw;
        }
    }

    /// <summary>Narrows the statement to the rows and values of the grant. Parameters of the principal come from the session,
    /// never from the caller.</summary>
    private static EngineStatement Confine(
        GuardedDbConnection connection, DatabaseGrant grant, DatabaseOperation operation, EngineStatement statement)
    {
        var confinement = grant.ConfinementOf(operation.Facts!, operation.DefaultSchema, operation.Principal);
        if (confinement.Count == 0)
        {
            return statement;
        }

        var rewrite = SqlRewriter.Rewrite(statement.Text, operation.Facts!, confinement);
        if (rewrite.Refusal is { } refusal)
        {
            var reason = new Reason(
                DatabaseReasons.RowScope.Rule,
                $"{refusal.Message} At character {refusal.Position + 1}; expected {refusal.Expected}.",
                Retry.ChangeArguments);
            throw new DbAccessDeniedException(Decision.Deny(reason), operation);
        }

        // Read again as it will run: the engine gets facts and places of the new text, and a text that came out wrong is refused.
        var source = connection.Source;
        if (SqlInspector.Inspect(rewrite.Text, source.Engine.Dialect, source.Engine.Schema).Facts is not { } facts)
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.RowScope), operation);
        }

        return statement with
        {
            Text = rewrite.Text,
            Facts = facts,
            Parameters =
            [
                .. statement.Parameters,
                .. rewrite.Parameters.Select(parameter =>
                    new KeyValuePair<string, object?>($"@{parameter.Name}", parameter.Value)),
            ],
            ChecksNewRows = rewrite.HasScopeColumn,
        };
    }

    private static T Run<T>(GuardedDbConnection connection, DatabaseOperation operation, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (connection.Engine.Translate(exception, operation) is { } translated)
        {
            throw translated;
        }
    }

    private static string ValueText(object? value) => value is byte[] bytes
        ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))
        : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
