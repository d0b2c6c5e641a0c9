using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using LangGuard.Data;
using LangGuard.Redaction;

namespace LangGuard.AI.Database;

/// <summary>What the database tools share: which database, the command, and what a model is told of a failure.</summary>
internal abstract class DatabaseTool(GuardSession session, ToolDefinition definition, IReadOnlyList<string> databases)
    : GuardTool(session, definition)
{
    protected static readonly ToolParameter WhichDatabase = new(
        "database", ToolParameterKind.Text, "The name of the database. May be left out when there is only one.", IsRequired: false, MaxLength: 64);

    protected static readonly ToolParameter Values = new(
        "parameters", ToolParameterKind.Scalars,
        "Values of the parameters of the statement by name, such as id for @id. Use them for every value that comes from outside.",
        IsRequired: false, MaxLength: 65_536);

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

    /// <summary>Writes a value of a row as the model sees it.</summary>
    protected void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case DBNull or null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long or int or short or byte:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case byte[] bytes:
                writer.WriteStringValue($"[{bytes.Length} bytes]");
                break;
            default:
                var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
                writer.WriteStringValue(ToolResultPipeline.Shape(text, Session, null));
                break;
        }
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
