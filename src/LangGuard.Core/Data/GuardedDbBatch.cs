using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Data;

/// <summary>Several statements behind the guard, all or nothing: each is inspected and decided before the first one runs.</summary>
internal sealed class GuardedDbBatch(DatabaseEngine engine) : DbBatch
{
    private readonly GuardedDbBatchCommandCollection _commands = new();
    private CancellationTokenSource _cancelled = new();
    private GuardedDbConnection? _connection;
    private int _timeout = 30;

    public override int Timeout
    {
        get => _timeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _timeout = value;
        }
    }

    protected override DbBatchCommandCollection DbBatchCommands => _commands;

    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => _connection = value is null or GuardedDbConnection
            ? (GuardedDbConnection?)value
            : throw new InvalidCastException("The connection was made by another provider.");
    }

    protected override DbTransaction? DbTransaction
    {
        get => _connection?.Transaction;
        set => _connection?.RefuseForeign(value);
    }

    public override void Cancel()
    {
        // What runs now is cancelled; what is run later with this object is not.
        using var running = Interlocked.Exchange(ref _cancelled, new CancellationTokenSource());
        running.Cancel();
    }

    public override void Dispose()
    {
        _cancelled.Dispose();
        base.Dispose();
    }

    public override int ExecuteNonQuery()
    {
        using var results = Execute();
        return results.RecordsAffected;
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default)
    {
        var results = await ExecuteAsync(cancellationToken).ConfigureAwait(false);
        await using (results.ConfigureAwait(false))
        {
            return results.RecordsAffected;
        }
    }

    public override object? ExecuteScalar()
    {
        using var results = Execute();
        return results.Read() && results.FieldCount > 0 ? results.GetValue(0) : null;
    }

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default)
    {
        var results = await ExecuteAsync(cancellationToken).ConfigureAwait(false);
        await using (results.ConfigureAwait(false))
        {
            return results.Read() && results.FieldCount > 0 ? results.GetValue(0) : null;
        }
    }

    public override void Prepare()
    {
        // Nothing to do: the inspector remembers texts, and the engine compiles on first use.
    }

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    protected override DbBatchCommand CreateDbBatchCommand() => new GuardedDbBatchCommand(engine);

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => WithBehavior(Execute(), behavior);

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken) =>
        WithBehavior(await ExecuteAsync(cancellationToken).ConfigureAwait(false), behavior);

    private ReturnedRows WithBehavior(ReturnedRows results, CommandBehavior behavior)
    {
        if ((behavior & CommandBehavior.CloseConnection) != 0)
        {
            // Everything has been read already.
            _connection?.Close();
        }

        return results;
    }

    private ReturnedRows Execute()
    {
        var (commands, inspected) = Inspect();
        var permits = new List<Permit>(inspected.Length);
        try
        {
            foreach (var statement in inspected)
            {
                permits.Add(statement.Connection.Source.Session.Authorize(statement.Operation));
            }

            return Run(commands, inspected, permits, _cancelled.Token);
        }
        finally
        {
            permits.ForEach(permit => permit.Dispose());
        }
    }

    private async Task<ReturnedRows> ExecuteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (commands, inspected) = Inspect();
        var permits = new List<Permit>(inspected.Length);
        try
        {
            foreach (var statement in inspected)
            {
                permits.Add(await statement.Connection.Source.Session
                    .AuthorizeAsync(statement.Operation, cancellationToken).ConfigureAwait(false));
            }

            return Run(commands, inspected, permits, cancellationToken);
        }
        finally
        {
            permits.ForEach(permit => permit.Dispose());
        }
    }

    private (GuardedDbBatchCommand[] Commands, InspectedStatement[] Inspected) Inspect()
    {
        var connection = _connection is { State: ConnectionState.Open } open
            ? open
            : throw new InvalidOperationException("The batch has no open connection.");
        connection.RefuseOpenReader();
        var commands = _commands.Snapshot();
        return commands.Length == 0
            ? throw new InvalidOperationException("The batch has no commands.")
            : (commands, [.. commands.Select(command =>
                StatementRunner.Inspect(connection, command.CommandText, command.Values, _timeout))]);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The chain owns the results.")]
    private static ReturnedRows Run(
        GuardedDbBatchCommand[] commands, InspectedStatement[] inspected, List<Permit> permits, CancellationToken cancellationToken)
    {
        var connection = inspected[0].Connection;
        var own = connection.Transaction is null && inspected.Any(statement => statement.Operation.Facts!.ChangesData)
            ? connection.BeginTransaction()
            : null;
        using (own)
        {
            var results = new List<ReturnedRows>();
            var affected = -1;
            for (var i = 0; i < commands.Length; i++)
            {
                using var reader = StatementRunner.Query(inspected[i], permits[i], CommandBehavior.Default, cancellationToken);
                var rows = ReturnedRows.Read(reader, inspected[i].Statement, 0, int.MaxValue, out _);
                if (rows.FieldCount > 0)
                {
                    results.Add(rows);
                }

                commands[i].Ran(reader.RecordsAffected);
                affected = reader.RecordsAffected < 0 ? affected : Math.Max(affected, 0) + reader.RecordsAffected;
            }

            own?.Commit();
            return ReturnedRows.Chain(results, affected);
        }
    }
}
