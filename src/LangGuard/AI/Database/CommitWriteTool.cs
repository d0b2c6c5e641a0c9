using System.Text.Json;

namespace LangGuard.AI.Database;

/// <summary>Makes a change that was previewed.</summary>
internal sealed class CommitWriteTool(GuardSession session, IReadOnlyList<string> databases)
    : DatabaseTool(session, Definition, databases)
{
    internal static readonly ToolDefinition Definition = new(
        "commit_write",
        Effects.Write | Effects.Delete,
        "Makes the change that preview_write showed, on the very rows that it showed, and returns how many rows changed. A token "
        + "works once. When the rows have changed meanwhile nothing is done: preview again.",
        new ToolParameter("token", ToolParameterKind.Text, "The token of the preview.", MaxLength: 64),
        WhichDatabase);

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (Source(arguments, out var problem) is not { } source)
        {
            return ToolAnswer.Error(problem);
        }

        var changed = await source.CommitWriteAsync(arguments.Text("token"), cancellationToken);
        return ToolAnswer.Ok(writer => writer.WriteNumber("rows_changed", changed));
    }
}
