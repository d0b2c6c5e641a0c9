using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>One connection to SQL Server. A text runs only when a second parser agrees with the inspector on it; a query runs in
/// a transaction that always ends with ROLLBACK, in one round trip.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The agent's text is a value; two parsers agree that it is one statement.")]
internal sealed class SqlServerEngineSession(SqlConnection connection, DatabaseScope scope, SqlServerEngine engine)
    : ServerEngineSession(connection)
{
    private SqlCommand? _command;
    private SqlDataReader? _reader;
    private bool _hasRowKeys;

    protected override string TakeBackText => $"IF XACT_STATE() = 1 ROLLBACK TRANSACTION {Mark}; ELSE IF @@TRANCOUNT > 0 ROLLBACK";

    protected override string KeepText => string.Empty;

    protected override string RollbackText => "IF @@TRANCOUNT > 0 ROLLBACK";

    internal override DbDataReader Query(EngineStatement statement, CancellationToken cancellationToken)
    {
        var sql = Prove(statement, isQuery: true);
        Start(statement, cancellationToken);
        var text = new StringBuilder(SqlServerText.Settings(scope.Grant.MaxRows + 1L, endsOnError: !InTransaction));
        text.Append(InTransaction
            ? SqlServerText.InTransaction
            : SqlServerText.Isolation(engine.HasSnapshots) + "BEGIN TRANSACTION;");
        SqlServerText.Execute(text, _command!, sql, statement);
        text.Append("SET ROWCOUNT 0;").Append(InTransaction ? string.Empty : RollbackText);
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
        if (statement.Facts is { } facts && !engine.CanCount(facts))
        {
            throw new GuardedDatabaseException("A change of this table changes more than the server counts, so it is not made.");
        }

        var sql = Prove(statement, isQuery: false);
        Start(statement, cancellationToken);
        try
        {
            if (!InTransaction)
            {
                Run(BeginText(repeatable: false));
            }

            var text = new StringBuilder(SqlServerText.Settings(0, endsOnError: !InTransaction))
                .Append(SqlServerText.InTransaction).Append(InTransaction ? $"SAVE TRANSACTION {Mark};" : string.Empty);
            SqlServerText.Execute(text, _command!, sql, statement);
            text.Append("SET @langguard_rows = @@ROWCOUNT;").Append(SqlServerText.InTransaction);
            _command!.CommandText = text.ToString();
            var rows = _command.Parameters.Add(new SqlParameter("@langguard_rows", SqlDbType.Int) { Direction = ParameterDirection.Output });
            return Conclude(statement, Read(statement, maxAffected, rows));
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
        return SqlServerErrors.Translate(exception, operation, Cancelled);
    }

    protected override string BeginText(bool repeatable) =>
        SqlServerText.Isolation(engine.HasSnapshots && !scope.Options.Writes, repeatable) + "BEGIN TRANSACTION";

    protected override bool IsServerError(Exception exception) => exception is SqlException;

    private EngineChange Read(EngineStatement statement, int maxAffected, SqlParameter rowCount)
    {
        ReturnedRows? rows = null;
        var refusal = 0;
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
        }

        if (refusal != 0)
        {
            return new EngineChange(refusal);
        }

        var affected = Math.Max(rowCount.Value as int? ?? 0, rows?.Count ?? 0);
        return affected > maxAffected
            ? new EngineChange(-1)
            : new EngineChange(affected, rows is { FieldCount: > 0 } ? rows : null)
            {
                Keys = rows?.Keys ?? [],
                Tables = TableChange.Of(statement.Facts, affected),
            };
    }

    /// <summary>Asks the second parser, which also stands alone when nobody has inspected the text.</summary>
    /// <returns>The text that runs.</returns>
    private string Prove(EngineStatement statement, bool isQuery)
    {
        var sql = statement.Facts is { } facts ? statement.Text[..facts.End] : statement.Text;
        var schema = engine.Schema.DefaultSchema;
        var disagreement = statement.Facts is null ? null : SecondOpinion.Disagreement(sql, statement.Facts, schema);
        if (disagreement is not null)
        {
            throw Refused();
        }

        if (statement.Facts is null)
        {
            var parsed = SecondOpinion.Parse(sql, schema);
            if (parsed.Refusal is not null || (parsed.Kind == SqlStatementKind.Query) != isQuery || !IsInScope(parsed, schema))
            {
                throw Refused();
            }
        }

        return isQuery ? DerivedTable.Wrap(sql, SecondOpinion.Parse(sql, schema).Body) : sql;
    }

    private bool IsInScope(ParsedStatement parsed, string schema)
    {
        var permission = parsed.Kind switch
        {
            SqlStatementKind.Insert => DatabasePermissions.Insert,
            SqlStatementKind.Update => DatabasePermissions.Update,
            SqlStatementKind.Delete => DatabasePermissions.Delete,
            _ => DatabasePermissions.None,
        };
        return parsed.Reads.All(name => Allows(name, DatabasePermissions.Select))
            && parsed.Targets.All(name => permission != DatabasePermissions.None && Allows(name, permission));

        bool Allows(string name, DatabasePermissions needed)
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            return scope.Allows(name[..dot], name[(dot + 1)..], schema, needed);
        }
    }

    private static DbAccessDeniedException Refused() => new(Decision.Deny(DatabaseReasons.EngineRefused), (string?)null);

    private void Start(EngineStatement statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Recover();
        SetRowKeys(statement);
        _command = new SqlCommand
        {
            Connection = connection,
            CommandTimeout = (int)Math.Clamp(Math.Ceiling(statement.Timeout.TotalSeconds), 1, int.MaxValue),
        };
        CancelBy(_command.Cancel, cancellationToken);
    }

    /// <summary>The principal's values for the server's own row filters. They can not be set again before the session is reset.</summary>
    private void SetRowKeys(EngineStatement statement)
    {
        if (_hasRowKeys || statement.Principal is not { } principal)
        {
            return;
        }

        foreach (var name in scope.Options.Tables.Values.SelectMany(table => table.Rows.Values).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            using var command = new SqlCommand("EXEC sys.sp_set_session_context @key, @value, @read_only = 1", connection);
            command.Parameters.AddWithValue("@key", SqlServerRowSecurity.KeyOf(name));
            command.Parameters.Add(new SqlParameter("@value", SqlDbType.NVarChar, 4_000) { Value = (object?)DatabaseRowValue.Of(principal, name) ?? DBNull.Value });
            command.ExecuteNonQuery();
        }

        _hasRowKeys = true;
    }

    protected override bool ReleaseStatement()
    {
        var wasOpen = Stop(_command, _reader);
        _reader = null;
        _command = null;
        return wasOpen;
    }
}
