using System.Data;
using System.Text.Json;
using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>Reads texts by the engine's own parser, in an engine that holds nothing.</summary>
internal sealed class DuckDbSyntax : IDisposable
{
    private const string Serialize =
        "SELECT json_serialize_sql(CAST($text AS VARCHAR), skip_null := true, skip_empty := true, skip_default := true)";

    private const int MaxDepth = 4_000;

    private readonly Lock _lock = new();
    private DuckDBConnection? _connection;
    private DuckDBCommand? _command;
    private bool _isDisposed;

    /// <summary>Reads a text.</summary>
    /// <param name="sql">The text that will run.</param>
    /// <param name="schema">What the database holds.</param>
    internal ParsedQuery Parse(string sql, SqlSchema schema)
    {
        if (sql.Contains('\0', StringComparison.Ordinal))
        {
            // To the engine a text may end there.
            return new ParsedQuery("it holds a NUL");
        }

        try
        {
            using var document = JsonDocument.Parse(TreeOf(sql), new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.GetProperty("error").GetBoolean())
            {
                return new ParsedQuery("it is no query");
            }

            var statements = root.GetProperty("statements");
            if (statements.GetArrayLength() != 1)
            {
                return new ParsedQuery("it is not one statement");
            }

            var tree = new SyntaxTree(schema);
            tree.Read(statements[0]);
            return tree.Result();
        }
        catch (Exception exception) when (exception is JsonException or DuckDBException or InvalidOperationException or KeyNotFoundException)
        {
            // A tree of a form that is not known here.
            return new ParsedQuery("it can not be read");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _command?.Dispose();
            _connection?.Dispose();
        }
    }

    private string TreeOf(string sql)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_command is null)
            {
                _connection = new DuckDBConnection(DuckDbSettings.Nothing);
                _connection.Open();
                _command = _connection.CreateCommand();
                _command.CommandText = Serialize;
                _command.Parameters.Add(new DuckDBParameter("text", DbType.String, string.Empty));
            }

            _command.Parameters[0].Value = sql;
            return (string)_command.ExecuteScalar()!;
        }
    }
}
