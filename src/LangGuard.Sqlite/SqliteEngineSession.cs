using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>One connection to a SQLite file behind authorizer, limits and deadline.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The text has been inspected, and the authorizer stands behind it.")]
[SuppressMessage("Reliability", "CA2000", Justification = "The reader disposes of the command, or keeps it for the next time.")]
internal sealed partial class SqliteEngineSession : DatabaseEngineSession
{
    private const int StepsBetweenLooks = 1000;
    private const int MaxCheckedTexts = 256;

    private readonly SqliteEngine _engine;
    private readonly SqliteConnection _connection;
    private readonly DatabaseScope _scope;
    private readonly SqliteAuthorizer _authorizer;
    private readonly SqliteDeadline _deadline = new();
    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);
    private readonly SqliteIdleQueries _queries;
    private readonly SqliteProgram _program;

    // The engine calls these for as long as the connection lives.
    private readonly strdelegate_authorizer _authorize;
    private readonly delegate_progress _look;
    private readonly SqliteChanges _changes = new();
    private readonly delegate_update _changed;
    private bool _inTransaction;

    internal SqliteEngineSession(SqliteEngine engine, SqliteConnection connection, DatabaseScope scope)
    {
        _engine = engine;
        _connection = connection;
        _queries = new SqliteIdleQueries(connection);
        _program = new SqliteProgram(connection.Handle!, engine);
        _scope = scope;
        _authorizer = new SqliteAuthorizer(scope, engine);
        _authorize = (_, action, first, second, database, origin) => Authorize(action, first, second, database, origin);
        _look = _ => _deadline.HasPassed ? 1 : 0;
        _changed = (_, action, _, table, _) => _changes.Add(action, table.utf8_to_string());
        SqliteWall.Build(connection, scope.Options.Writes || scope.Off.Has(Wall.SqliteReadOnly));
        SqliteKeyedHash.Register(connection);
        if (!scope.Off.Has(Wall.SqliteAuthorizer))
        {
            raw.sqlite3_set_authorizer(connection.Handle, _authorize, null);
        }

        raw.sqlite3_progress_handler(connection.Handle, StepsBetweenLooks, _look, null);
        if (scope.Options.Writes)
        {
            raw.sqlite3_update_hook(connection.Handle, _changed, null);
        }
    }

    internal override DbDataReader Query(EngineStatement statement, CancellationToken cancellationToken)
    {
        CheckTransaction();
        _authorizer.IsOwn = statement.IsOwn;
        SqliteCommand? command = null;
        try
        {
            command = Prepare(statement, changes: false, cancellationToken);
            return new SqliteEngineReader(command.ExecuteReader(), command, statement, _queries, _deadline);
        }
        catch
        {
            command?.Dispose();
            _deadline.Stop();
            throw;
        }
        finally
        {
            _authorizer.IsOwn = false;
        }
    }

    internal override EngineChange Change(EngineStatement statement, int maxAffected, CancellationToken cancellationToken)
    {
        CheckTransaction();
        Own("SAVEPOINT langguard");
        try
        {
            _authorizer.Begin(statement);
            var change = ChangeInside(statement, maxAffected, cancellationToken);
            _authorizer.End();
            _deadline.Stop();
            if (change.Affected < 0 || statement.IsTrial)
            {
                Own("ROLLBACK TO langguard");
            }

            // Here, outside a transaction, the engine checks what it put off, and may refuse.
            Own("RELEASE langguard");
            return change;
        }
        catch
        {
            _authorizer.End();
            _deadline.Stop();
            Abandon();
            throw;
        }
    }

    /// <summary>Leaves nothing behind of a change that failed. The engine may have taken back the whole transaction by itself,
    /// for instance when it was interrupted.</summary>
    private void Abandon()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Own("ROLLBACK TO langguard");
            Own("RELEASE langguard");
        }
    }

    /// <summary>After the engine has taken back a transaction, nothing more of it may run: it would last at once.</summary>
    private void CheckTransaction()
    {
        if (_inTransaction && raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            throw new GuardedDatabaseException("The transaction has ended, and nothing of it was kept. Begin a new one.");
        }
    }

    /// <summary>Every transaction here sees the database as its first statement does.</summary>
    internal override void Begin(bool repeatable = false)
    {
        Own(_scope.Options.Writes ? "BEGIN IMMEDIATE" : "BEGIN");
        _inTransaction = true;
    }

    internal override void Commit()
    {
        CheckTransaction();
        Own("COMMIT");
        _inTransaction = false;
    }

    internal override void Rollback()
    {
        if (_inTransaction)
        {
            _inTransaction = false;
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Own("ROLLBACK");
            }
        }
    }

    internal override Exception? Translate(Exception exception, DatabaseOperation operation) =>
        SqliteErrors.Translate(exception, operation, _deadline);

    public override void Dispose()
    {
        Rollback();
        _engine.Return(this, _scope);
    }

    internal void Close() => _connection.Dispose();

    private EngineChange ChangeInside(EngineStatement statement, int maxAffected, CancellationToken cancellationToken)
    {
        using var command = Prepare(statement, changes: true, cancellationToken);
        var before = raw.sqlite3_total_changes(_connection.Handle);
        _changes.Clear();
        ReturnedRows? rows;
        int refusal;
        using (var reader = command.ExecuteReader())
        {
            // A change is complete with its first row; all of them are read so that each is looked at.
            rows = ReturnedRows.Read(reader, statement, statement.ChecksNewRows ? 1 : 0, maxAffected, out refusal);
        }

        var changed = raw.sqlite3_changes(_connection.Handle);
        var change = refusal != 0 ? new EngineChange(refusal)
            : changed > maxAffected ? new EngineChange(-1)
            : new EngineChange(changed, rows.FieldCount > 0 ? rows : null)
            {
                Keys = rows.Keys,
                Tables = _changes.Of(raw.sqlite3_total_changes(_connection.Handle) - before),
            };
        return change.Affected >= 0 && statement.Verdict?.Invoke(change) is < 0 and var refused ? new EngineChange(refused) : change;
    }

    private SqliteCommand Prepare(EngineStatement statement, bool changes, CancellationToken cancellationToken)
    {
        _authorizer.Announce(statement);
        CheckWhole(statement.Text, changes);
        var command = _queries.Take(statement);
        try
        {
            command.CommandTimeout = Math.Max(1, (int)statement.Timeout.TotalSeconds);
            SqliteParameters.Bind(command, statement);
            _deadline.Start(statement.Timeout, cancellationToken);
            return command;
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }

    /// <summary>The engine's own opinion: one statement, up to the end of the text, and reading only where it is a query.</summary>
    private void CheckWhole(string text, bool changes)
    {
        if (_whole.Contains(text) || _scope.Off.Has(Wall.SqliteOneStatement))
        {
            return;
        }

        _authorizer.Reported.Clear();
        var result = raw.sqlite3_prepare_v2(_connection.Handle, text, out var compiled, out var tail);
        using (compiled)
        {
            ThrowOn(result);

            // A comment or a literal that is still open swallows the semicolon.
            if (compiled.IsInvalid || !IsEmpty(tail) || raw.sqlite3_complete(text + "\n;") == 0 || (!changes && raw.sqlite3_stmt_readonly(compiled) == 0))
            {
                throw new SqliteException("The text is not one statement.", raw.SQLITE_AUTH);
            }
        }

        if (!changes && !_authorizer.IsOwn && !_scope.Off.Has(Wall.SqliteAuthorizer) && SqliteProgram.HasHiddenReads(text))
        {
            CheckProgram(text);
        }

        if (_whole.Count < MaxCheckedTexts && !changes)
        {
            _whole.Add(text);
        }
    }

    /// <summary>Everything that the compiled program opens and reads is something that the authorizer allows.</summary>
    private void CheckProgram(string text)
    {
        HashSet<(string Table, string Column)> reads;
        _authorizer.IsOwn = true;
        try
        {
            reads = _program.ReadsOf(text);
        }
        finally
        {
            _authorizer.IsOwn = false;
        }

        foreach (var (table, column) in reads)
        {
            if (!_authorizer.AllowsHidden(table, column))
            {
                throw new SqliteException("The text reads what is not granted.", raw.SQLITE_AUTH);
            }
        }
    }

    /// <summary>Whether what is behind a statement is blanks and comments. The engine says so, as it would when it runs it.</summary>
    private bool IsEmpty(string tail)
    {
        while (tail.AsSpan().Trim(" \t\r\n\f;").Length > 0)
        {
            var result = raw.sqlite3_prepare_v2(_connection.Handle, tail, out var compiled, out var rest);
            using (compiled)
            {
                if (result != raw.SQLITE_OK || !compiled.IsInvalid || rest.Length >= tail.Length)
                {
                    return false;
                }
            }

            tail = rest;
        }

        return true;
    }

    private void ThrowOn(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _connection.Handle);
        }
    }

    private int Authorize(int action, string? first, string? second, string? database, string? origin)
    {
        try
        {
            return _authorizer.Decide(action, first, second, database, origin);
        }
        catch (Exception)
        {
            // An exception must not cross the engine, and must not allow.
            return 1;
        }
    }

    private void Own(string text)
    {
        _authorizer.IsOwn = true;
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = text;
            command.ExecuteNonQuery();
        }
        finally
        {
            _authorizer.IsOwn = false;
        }
    }
}
