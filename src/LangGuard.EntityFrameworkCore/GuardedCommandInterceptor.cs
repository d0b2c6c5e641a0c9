using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LangGuard.EntityFrameworkCore;

/// <summary>Inspects and decides each command before the provider runs it, confines its text, and limits what comes back.</summary>
internal sealed class GuardedCommandInterceptor(GuardedDbDataSource database) : DbCommandInterceptor
{
    private readonly ConditionalWeakTable<DbCommand, RunningCommand> _running = [];

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Begin(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        await BeginAsync(command, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Begin(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result,
        CancellationToken cancellationToken = default)
    {
        await BeginAsync(command, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Begin(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result,
        CancellationToken cancellationToken = default)
    {
        await BeginAsync(command, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result) =>
        Limit(command, result);

    [SuppressMessage("Reliability", "CA2000", Justification = "The context owns the reader that it gets.")]
    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Limit(command, result));

    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result)
    {
        Complete(command, -1);
        return result;
    }

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default)
    {
        Complete(command, -1);
        return ValueTask.FromResult(result);
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        Complete(command, result);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Complete(command, result);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult DataReaderClosing(
        DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
    {
        CompleteChange(command, eventData?.DataReader);
        return result;
    }

    public override ValueTask<InterceptionResult> DataReaderClosingAsync(
        DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
    {
        CompleteChange(command, eventData?.DataReader);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        Fail(command, eventData?.Exception);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Fail(command, eventData?.Exception);
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => Fail(command, null);

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Fail(command, null);
        return Task.CompletedTask;
    }

    private void Begin(DbCommand command)
    {
        var (operation, statement) = Inspect(command);
        Confine(command, statement, operation, database.Session.Authorize(operation));
    }

    private async Task BeginAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var (operation, statement) = Inspect(command);
        var permit = await database.Session.AuthorizeAsync(operation, cancellationToken).ConfigureAwait(false);
        Confine(command, statement, operation, permit);
    }

    private (DatabaseOperation Operation, EngineStatement Statement) Inspect(DbCommand command)
    {
        if (command.CommandType != CommandType.Text)
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Unsupported), database.Name);
        }

        var (operation, statement) = StatementRunner.Inspect(
            database, command.CommandText, ForeignParameters.Read(database.Engine, command), command.CommandTimeout);

        // Without one the change would last before anybody could count its rows.
        return !operation.Facts!.ChangesData || command.Transaction is not null
            ? (operation, statement)
            : throw new DbAccessDeniedException(Decision.Deny(EntityFrameworkReasons.Transaction), operation);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The text is the inspected one, narrowed.")]
    private void Confine(DbCommand command, EngineStatement statement, DatabaseOperation operation, Permit permit)
    {
        try
        {
            StatementLimits.CheckForeign(database, operation, (DatabaseGrant)permit.Grant);
            var confined = StatementRunner.Confine(database, operation, statement, (DatabaseGrant)permit.Grant);
            if (confined.ChecksNewRows)
            {
                // The guard's own column would come out among the rows that the context reads.
                throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.RowScope), operation);
            }

            command.CommandText = confined.Text;
            command.CommandTimeout = Math.Max(1, (int)Math.Ceiling(confined.Timeout.TotalSeconds));
            foreach (var (name, value) in confined.Parameters.Skip(statement.Parameters.Count))
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.DbType = DbType.Object;
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }
        }
        catch
        {
            permit.Dispose();
            throw;
        }

        _running.AddOrUpdate(command, new RunningCommand(database, operation, permit));
    }

    private DbDataReader Limit(DbCommand command, DbDataReader reader)
    {
        if (!_running.TryGetValue(command, out var running))
        {
            reader.Dispose();
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Unsupported), database.Name);
        }

        running.Permit.BeginResult();
        if (running.Operation.Facts!.ChangesData)
        {
            // Providers read their own reader when they save changes; its rows are those of the changed keys.
            return reader;
        }

        _running.Remove(command);
        return new GuardedDbDataReader(reader, running.Permit, running.Operation, running, CommandBehavior.Default);
    }

    private void CompleteChange(DbCommand command, DbDataReader? reader)
    {
        if (_running.TryGetValue(command, out _))
        {
            Complete(command, reader?.RecordsAffected ?? -1);
        }
    }

    private void Complete(DbCommand command, int affected)
    {
        if (!_running.TryGetValue(command, out var running))
        {
            return;
        }

        _running.Remove(command);
        if (affected > ((DatabaseGrant)running.Permit.Grant).MaxAffectedRows)
        {
            running.Permit.Dispose();
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.AffectedRows), running.Operation);
        }

        running.Permit.Complete(OperationOutcome.Success(rows: Math.Max(affected, 0)));
    }

    private void Fail(DbCommand command, Exception? exception)
    {
        if (!_running.TryGetValue(command, out var running))
        {
            return;
        }

        _running.Remove(command);
        running.Permit.Dispose();
        if (exception is not null && running.Translate(exception, running.Operation) is { } translated)
        {
            throw translated;
        }
    }
}
