using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>One connection to MySQL or MariaDB. A query is proven by the server to be one, and runs in a read-only transaction
/// of a read-only session that always ends with ROLLBACK, all in one round trip.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The agent's text is a value; the server's own grammar admits one statement.")]
internal sealed class MySqlEngineSession(MySqlConnection connection, DatabaseScope scope, MySqlEngine engine)
    : ServerEngineSession(connection)
{
    private readonly bool _isMariaDb = MySqlEngine.IsMariaDb(connection);
    private MySqlCommand? _command;
    private MySqlDataReader? _reader;

    internal override DbDataReader Query(EngineStatement statement, CancellationToken cancellationToken)
    {
        var text = Start(statement, readOnly: true, cancellationToken);
        var values = new List<object?>();
        var sql = MySqlText.Marked(statement, values);
        if (statement.Facts?.Kind == SqlStatementKind.Explain || scope.Off.Has(Wall.MySqlProof))
        {
            MySqlText.Prepare(text, sql);
        }
        else
        {
            MySqlText.Prove(text, sql);
        }

        MySqlText.Execute(text, _command!, values);
        text.Append(InTransaction ? "DO 0" : "ROLLBACK");
        _command!.CommandText = text.ToString();
        try
        {
            return _reader = _command.ExecuteReader();
        }
        catch (Exception exception)
        {
            Note(exception);
            throw;
        }
    }

    internal override EngineChange Change(EngineStatement statement, int maxAffected, CancellationToken cancellationToken)
    {
        if (statement.Facts is { } facts && !engine.CanTakeBack(facts))
        {
            throw new GuardedDatabaseException("A change of this table can not be taken back, so it is not made.");
        }

        var text = Start(statement, readOnly: false, cancellationToken);
        var values = new List<object?>();
        MySqlText.Prepare(text, MySqlText.Marked(statement, values));
        MySqlText.Execute(text, _command!, values);
        _command!.CommandText = text.ToString();
        try
        {
            return Conclude(statement, Run(statement, maxAffected));
        }
        catch (Exception exception)
        {
            Note(exception);
            throw;
        }
    }

    internal override Exception? Translate(Exception exception, DatabaseOperation operation)
    {
        Note(exception);
        return MySqlErrors.Translate(exception, operation, Cancelled);
    }

    protected override string BeginText(bool repeatable) =>
        MySqlText.Access(!scope.Options.Writes)
        + $"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION {(scope.Options.Writes ? "READ WRITE" : "READ ONLY")}";

    protected override bool IsServerError(Exception exception) => exception is MySqlException;

    protected override bool ForgetCancellation()
    {
        try
        {
            Run("DO SLEEP(0)");
        }
        catch (MySqlException)
        {
            // It came to this statement, which does nothing.
        }

        return true;
    }

    private EngineChange Run(EngineStatement statement, int maxAffected)
    {
        ReturnedRows? rows = null;
        var refusal = 0;
        int affected;
        using (var reader = _command!.ExecuteReader())
        {
            HasRun();
            if (reader.FieldCount > 0)
            {
                rows = ReturnedRows.Read(reader, statement, statement.ChecksNewRows ? 1 : 0, maxAffected, out refusal);
            }

            while (reader.NextResult())
            {
            }

            affected = reader.RecordsAffected;
        }

        if (refusal != 0)
        {
            return new EngineChange(refusal);
        }

        if (rows is not null)
        {
            // The server counts no rows for a change that returns them.
            affected = Math.Max(affected, rows.Count);
        }

        if (affected > maxAffected)
        {
            return new EngineChange(-1);
        }

        return new EngineChange(Math.Max(affected, 0), rows is { FieldCount: > 0 } ? rows : null)
        {
            Keys = rows?.Keys ?? [],
            Tables = TableChange.Of(statement.Facts, Math.Max(affected, 0)),
        };
    }

    private StringBuilder Start(EngineStatement statement, bool readOnly, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Recover();
        _command = new MySqlCommand
        {
            Connection = connection,

            // The server's own limit comes first where it has one for the statement.
            CommandTimeout = (int)Math.Min(Math.Ceiling(statement.Timeout.TotalSeconds) + (_isMariaDb ? 5 : 1), int.MaxValue),
        };
        var text = new StringBuilder(MySqlText.Settings(
            statement.Timeout, _isMariaDb, readOnly && !statement.IsOwn ? scope.Grant.MaxRows + 1L : 0));
        var isSealed = readOnly && !scope.Off.Has(Wall.MySqlReadOnly);
        text.Append(InTransaction ? $"SAVEPOINT {Mark};"
            : MySqlText.Access(isSealed) + $"START TRANSACTION {(isSealed ? "READ ONLY" : "READ WRITE")};");
        CancelBy(() => engine.Cancel(connection.ServerThread), cancellationToken);
        return text;
    }

    protected override bool ReleaseStatement()
    {
        var wasOpen = Stop(_command, _reader);
        _reader = null;
        _command = null;
        return wasOpen;
    }
}
