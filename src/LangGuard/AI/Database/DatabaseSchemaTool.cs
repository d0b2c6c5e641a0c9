using System.Text.Json;
using LangGuard.Redaction;

namespace LangGuard.AI.Database;

/// <summary>Tells the model which tables and columns it may use.</summary>
internal sealed class DatabaseSchemaTool(GuardSession session, IReadOnlyList<string> databases)
    : DatabaseTool(session, Definition, databases)
{
    internal static readonly ToolDefinition Definition = new(
        "database_schema",
        Effects.Read,
        "Lists the tables and columns that you may use, and what you may do with each. Call it before you write a statement.",
        WhichDatabase);

    protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (Source(arguments, out var problem) is not { } source)
        {
            return ValueTask.FromResult(ToolAnswer.Error(problem));
        }

        return ValueTask.FromResult(ToolAnswer.Ok(writer =>
        {
            writer.WriteString("dialect", source.Engine.Dialect.ToString());
            writer.WriteStartArray("tables");
            foreach (var (table, columns, allow) in source.Visible())
            {
                writer.WriteStartObject();
                writer.WriteString("name", ToolResultPipeline.Clean(table.Name, Session, null));
                writer.WriteString("allowed", allow.ToString());
                writer.WriteStartArray("columns");
                foreach (var column in columns)
                {
                    writer.WriteStringValue(ToolResultPipeline.Clean(column, Session, null));
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }));
    }
}
