using System.Text.Json;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;

namespace LangGuard.ModelContextProtocol.Client;

/// <summary>A tool of another server, as long as it is what it was. Stands inside a guard.</summary>
internal sealed class ClientTool(McpClientTool tool, string hash, KnownTools known) : AIFunction
{
    public override string Name => tool.Name;

    public override string Description => tool.Description;

    public override JsonElement JsonSchema => tool.JsonSchema;

    public override JsonElement? ReturnJsonSchema => tool.ReturnJsonSchema;

    public override JsonSerializerOptions JsonSerializerOptions => tool.JsonSerializerOptions;

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        known.Has(tool.ProtocolTool.Name, hash)
            ? tool.InvokeAsync(arguments, cancellationToken)
            : throw new AccessDeniedException(Decision.Deny(FunctionReasons.Changed), (string?)null);
}
