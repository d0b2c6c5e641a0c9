using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>Queries that this connection has compiled and nobody runs just now, so that the same text needs no compiling the next
/// time. The engine compiles one again by itself, and asks the authorizer again, when the schema has changed since.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The text has been inspected, and the authorizer stands behind it.")]
internal sealed class SqliteIdleQueries(SqliteConnection connection)
{
    private const int Most = 32;

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>A command for a statement, compiled if it ran before. What the guard itself asks is never among them: nothing
    /// has authorized it.</summary>
    internal SqliteCommand Take(EngineStatement statement)
    {
        if (!statement.IsOwn && _commands.Remove(statement.Text, out var command))
        {
            return command;
        }

        command = connection.CreateCommand();
        command.CommandText = statement.Text;
        return command;
    }

    /// <summary>Keeps a command whose query has ended, without the values that it ran with.</summary>
    internal void Return(EngineStatement statement, SqliteCommand command)
    {
        foreach (SqliteParameter parameter in command.Parameters)
        {
            parameter.Value = null;
        }

        if (statement.IsOwn || _commands.Count >= Most || !_commands.TryAdd(statement.Text, command))
        {
            command.Dispose();
        }
    }
}
