using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;

namespace LangGuard.AI.Database;

/// <summary>What the database tools share: which database, the command, and what a model is told of a failure.</summary>
internal abstract class DatabaseTool(GuardSession session, ToolDefinition definition, IReadOnlyList<string> databases)
    : GuardTool(session, definition)
{
    protected const string DatabaseHint = "The name of the database. May be left out when there is only one.";
    protected const string ParametersHint = "Values of the parameters of the statement by name, such as id for @id. Use them for every value that comes from outside.";

    protected override IReadOnlyList<string>? Allowed => [.. databases.SelectMany(Lines)];

    /// <summary>The database that the call names, or null when it names none of them.</summary>
    protected GuardedDbDataSource? Source(ToolArguments arguments, out string problem)
    {
        var name = arguments.TextOrNull("database") ?? (databases.Count == 1 ? databases[0] : string.Empty);
        problem = $"'database' has to be one of: {string.Join(", ", databases)}.";
        return databases.Contains(name, StringComparer.Ordinal) ? Session.Database(name) : null;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The connection is a guarded one: it inspects every statement.")]
    protected static DbCommand Command(DbConnection connection, ToolArguments arguments)
    {
        var command = connection.CreateCommand();
        command.CommandText = arguments.Text("sql");
        foreach (var (name, value) in arguments.Map("parameters"))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name.Length > 0 && char.IsLetter(name[0]) ? $"@{name}" : name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    protected override string? Explain(Exception exception) => exception switch
    {
        GuardedDatabaseException => exception.Message,
        NotSupportedException => "The statement or a parameter is of a kind that is not supported.",
        _ => null,
    };

    private IEnumerable<string> Lines(string database) => Session.Database(database).Visible()
        .Select(table => $"{database}: {table.Allow} {table.Table.Name}");
}
