using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;
using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>One connection to a DuckDB file, used for one lease and never again: no macro, variable, temporary table or prepared
/// statement outlives it. A text runs only when the engine's own reading of it agrees with the inspector.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The text has been inspected, and the engine agrees that it is one statement.")]
[SuppressMessage("Reliability", "CA2000", Justification = "The reader disposes of the command.")]
internal sealed partial class DuckDbEngineSession : DatabaseEngineSession
{
    private readonly DuckDbEngine _engine;
    private readonly DuckDbInstance _instance;
    private readonly DuckDBConnection _connection;
    private readonly DatabaseScope _scope;
    private readonly DuckDbDeadline _deadline;
    private DuckDbEngineReader? _reader;
    private bool _inTransaction;
    private bool _hasEnded;
    private bool _isDisposed;

    internal DuckDbEngineSession(DuckDbEngine engine, DuckDbInstance instance, DatabaseScope scope)
    {
        _engine = engine;
        _instance = instance;
        _scope = scope;
        _connection = instance.Connect();
        _deadline = new DuckDbDeadline(_connection);
    }

    /// <summary>Whether a statement outside a transaction gets one in which nothing can be written: where the file is open for
    /// reading alone it needs none.</summary>
    private bool NeedsReadOnly => _scope.Options.Writes && !_inTransaction && !_scope.Off.Has(Wall.DuckDbReadOnly);

    internal override DbDataReader Query(EngineStatement statement, CancellationToken cancellationToken)
    {
        Recover();
        cancellationToken.ThrowIfCancellationRequested();
        var parameters = new List<DuckDBParameter>();
        var text = DuckDbText.Marked(statement, parameters);
        var isOwn = false;
        DuckDBCommand? command = null;
        _deadline.Start(statement.Timeout, cancellationToken);
        try
        {
            Prove(text, statement.Facts);
            if (NeedsReadOnly)
            {
                Own("BEGIN TRANSACTION READ ONLY");
                isOwn = true;
            }

            // Kept whole, a result takes memory that no setting of the engine limits.
            command = Prepare(text, parameters);
            command.UseStreamingMode = true;
            return _reader = new DuckDbEngineReader(command.ExecuteReader(), command, () => Finish(isOwn), statement.HasBounds);
        }
        catch
        {
            command?.Dispose();
            Finish(isOwn);
            throw;
        }
    }

    internal override EngineChange Change(EngineStatement statement, int maxAffected, CancellationToken cancellationToken)
    {
        Recover();
        if (statement.Facts is not { } facts)
        {
            // The engine has no rights of its own: a change that nobody has read is not made.
            throw Refused();
        }

        cancellationToken.ThrowIfCancellationRequested();
        var parameters = new List<DuckDBParameter>();
        var text = DuckDbText.Marked(statement, parameters);
        var isAlone = !_inTransaction;
        if (isAlone)
        {
            Own("BEGIN TRANSACTION");
        }

        var stays = false;
        _deadline.Start(statement.Timeout, cancellationToken);
        try
        {
            ProveChange(text, facts, parameters);
            var change = Run(text, parameters, statement, maxAffected);
            _deadline.Stop();
            change = change.Affected >= 0 && statement.Verdict?.Invoke(change) is < 0 and var refused ? new EngineChange(refused) : change;
            if (isAlone && change.Affected >= 0 && !statement.IsTrial)
            {
                Own("COMMIT");
            }

            stays = change.Affected >= 0 && !statement.IsTrial;
            return change;
        }
        finally
        {
            _deadline.Stop();
            if (!stays)
            {
                TakeBack(isAlone);
            }
        }
    }

    /// <summary>Every transaction here sees the database as its first statement does.</summary>
    internal override void Begin(bool repeatable = false)
    {
        Recover();
        Own(_scope.Options.Writes ? "BEGIN TRANSACTION" : "BEGIN TRANSACTION READ ONLY");
        (_inTransaction, _hasEnded) = (true, false);
    }

    internal override void Commit()
    {
        Recover();
        _inTransaction = false;
        Own("COMMIT");
    }

    internal override void Rollback()
    {
        _reader?.Dispose();
        if (_inTransaction)
        {
            _inTransaction = false;
            if (!_hasEnded)
            {
                Own("ROLLBACK");
            }
        }

        _hasEnded = false;
    }

    internal override Exception? Translate(Exception exception, DatabaseOperation operation) =>
        DuckDbErrors.Translate(exception, operation, _deadline.Cancelled);

    public override void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            Rollback();
        }
        finally
        {
            _deadline.Dispose();
            _instance.Return(_connection);
        }
    }

    private static DbAccessDeniedException Refused() => new(Decision.Deny(DatabaseReasons.EngineRefused), (string?)null);

    private EngineChange Run(string text, List<DuckDBParameter> parameters, EngineStatement statement, int maxAffected)
    {
        using var command = Prepare(text, parameters);
        ReturnedRows? rows = null;
        int affected;
        if (statement.Facts!.ReturnsRows || statement.KeyColumns > 0 || statement.ChecksNewRows)
        {
            using var reader = new DuckDbEngineReader(command.ExecuteReader(), command, () => { }, statement.HasBounds);
            rows = ReturnedRows.Read(reader, statement, statement.ChecksNewRows ? 1 : 0, maxAffected, out var refusal);
            if (refusal != 0)
            {
                return new EngineChange(refusal);
            }

            affected = rows.Count;
        }
        else
        {
            affected = command.ExecuteNonQuery();
        }

        return affected > maxAffected
            ? new EngineChange(-1)
            : new EngineChange(affected, rows is { FieldCount: > 0 } ? rows : null)
            {
                Keys = rows?.Keys ?? [],
                Tables = TableChange.Of(statement.Facts, affected),
            };
    }

    private DuckDBCommand Prepare(string text, List<DuckDBParameter> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Leaves what the statement before left behind.</summary>
    private void Recover()
    {
        _reader?.Dispose();
        _reader = null;
        if (_inTransaction && _hasEnded)
        {
            throw DuckDbErrors.Ended();
        }
    }

    /// <summary>Leaves nothing of a change. The engine has no savepoints: a transaction of several statements goes with it.</summary>
    private void TakeBack(bool isAlone)
    {
        _hasEnded = !isAlone;
        try
        {
            Own("ROLLBACK");
        }
        catch (DuckDBException)
        {
            // A COMMIT that failed has ended the transaction already.
        }
    }

    private void Finish(bool endsTransaction)
    {
        _deadline.Stop();
        _reader = null;
        if (endsTransaction)
        {
            Own("ROLLBACK");
        }
    }

    private void Own(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
