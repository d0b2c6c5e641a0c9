using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LangGuard.Testing.Conformance;

/// <summary>Stands in for a function: does nothing, and knows what it was called with.</summary>
internal sealed class RecordedFunction(string name, string description) : AIFunction
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema { get; } = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>What it was called with; null when it was not.</summary>
    public JsonObject? Called { get; private set; }

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        Called = new JsonObject(arguments.Select(argument => KeyValuePair.Create(
            argument.Key, argument.Value is JsonElement value ? JsonNode.Parse(value.GetRawText()) : JsonValue.Create(argument.Value?.ToString()))));
        return ValueTask.FromResult<object?>("done");
    }
}
