using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>One call of a tool of the server, as the function that a guard decides on. What it is to the model is its name,
/// its description and the schema of its arguments; hints of a tool about itself count for nothing.</summary>
internal sealed class ServerTool(
    Tool tool, Func<AIFunctionArguments, CancellationToken, ValueTask<JsonElement>> run) : AIFunction
{
    public override string Name { get; } = tool.Name;

    public override string Description { get; } = tool.Description ?? "";

    public override JsonElement JsonSchema { get; } = tool.InputSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await run(arguments, cancellationToken).ConfigureAwait(false);
}
