using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Data;

/// <summary>One statement behind the guard: inspected, decided, then run exactly as it was decided on.</summary>
internal sealed class GuardedDbCommand(DatabaseEngine engine) : DbCommand
{
    private readonly GuardedDbParameterCollection _parameters = new(engine);
    private CancellationTokenSource _cancelled = new();
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
        set => _connection?.RefuseForeign(value);
    }

    private GuardedDbConnection Open => _connection is { State: ConnectionState.Open } open
        ? open
        : throw new InvalidOperationException("The command has no open connection.");

    public override void Cancel()
    {
        // What runs now is cancelled; what is run later with this object is not.
        using var running = Interlocked.Exchange(ref _cancelled, new CancellationTokenSource());
        running.Cancel();
    }

    public override void Prepare()
    {
        // Nothing to do: the inspector remembers texts, and the engine compiles on first use.
    }

    public override int ExecuteNonQuery()
    {
        var inspected = Inspect();
        using var permit = inspected.Connection.Source.Session.Authorize(inspected.Operation);
        return StatementRunner.Run(inspected, permit, _cancelled.Token);
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var inspected = Inspect();
        using var permit = await inspected.Connection.Source.Session
            .AuthorizeAsync(inspected.Operation, cancellationToken).ConfigureAwait(false);
        return StatementRunner.Run(inspected, permit, cancellationToken);
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

    protected override DbParameter CreateDbParameter() => _parameters.Create();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        var inspected = Inspect();
        var permit = inspected.Connection.Source.Session.Authorize(inspected.Operation);
        return StatementRunner.Query(inspected, permit, behavior, _cancelled.Token);
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var inspected = Inspect();
        var permit = await inspected.Connection.Source.Session
            .AuthorizeAsync(inspected.Operation, cancellationToken).ConfigureAwait(false);
        return StatementRunner.Query(inspected, permit, behavior, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cancelled.Dispose();
        }

        base.Dispose(disposing);
    }

    private InspectedStatement Inspect() => StatementRunner.Inspect(Open, CommandText, _parameters, _timeout);
}
