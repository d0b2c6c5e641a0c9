using System.Text.Json;

namespace LangGuard.AI.Database;

/// <summary>Runs one of the policy's changes of the schema, after a person has approved it.</summary>
internal sealed class MigrateTool(GuardSession session, IReadOnlyList<string> databases)
    : DatabaseTool(session, Definition, databases)
{
    internal static readonly ToolDefinition Definition = new(
        "database_migrate",
        Effects.Write | Effects.Delete | Effects.Privilege,
        "Runs one prepared change of the schema by its name. A person has to approve it. Any other change of the schema is denied.",
        new ToolParameter("migration", ToolParameterKind.Text, "The name of the migration.", MaxLength: 128),
        WhichDatabase);

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (Source(arguments, out var problem) is not { } source)
        {
            return ToolAnswer.Error(problem);
        }

        if (string.IsNullOrWhiteSpace(arguments.Text("migration")))
        {
            return ToolAnswer.Error("'migration' has to be the name of one.");
        }

        await source.MigrateAsync(arguments.Text("migration"), cancellationToken);
        return ToolAnswer.Ok(writer => writer.WriteString("migration", "done"));
    }
}
