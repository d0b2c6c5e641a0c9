using System.Text.Json;

namespace LangGuard.AI.Database;

/// <summary>Runs one INSERT, UPDATE or DELETE.</summary>
internal sealed class DatabaseExecuteTool(GuardSession session, IReadOnlyList<string> databases)
    : DatabaseTool(session, Definition, databases)
{
    internal static readonly ToolDefinition Definition = new(
        "database_execute",
        Effects.Write | Effects.Delete,
        "Runs one INSERT, UPDATE or DELETE and returns how many rows changed. UPDATE and DELETE need a WHERE; too many rows, "
        + "and nothing changes. The schema can never be changed.",
        new ToolParameter("sql", ToolParameterKind.Text, "The statement.", MaxLength: 65_536),
        Values,
        WhichDatabase);

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (Source(arguments, out var problem) is not { } source)
        {
            return ToolAnswer.Error(problem);
        }

        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, arguments);
        var changed = await command.ExecuteNonQueryAsync(cancellationToken);
        return ToolAnswer.Ok(writer => writer.WriteNumber("rows_changed", changed));
    }
}
