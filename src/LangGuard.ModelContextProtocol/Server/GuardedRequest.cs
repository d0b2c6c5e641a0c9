using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LangGuard.AI;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>A request that is no call of a tool, decided as a function of its name: <c>resources/read</c>, <c>prompts/get</c>.</summary>
internal static class GuardedRequest
{
    internal const string ReadResource = "resources/read";
    internal const string GetPrompt = "prompts/get";
    internal const string Complete = "completion/complete";

    private static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object"}""").RootElement.Clone();

    internal static async ValueTask<TResult> RunAsync<TResult>(
        RequestSession entered, string function, JsonElement arguments, Func<ValueTask<TResult>> next, CancellationToken cancellationToken)
    {
        if (entered.Session is not { } session)
        {
            throw Denied(ToolAnswer.Denied(Decision.Deny(entered.Missing), null, null));
        }

        var type = (JsonTypeInfo<TResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(TResult));
        var done = false;
        var tool = new ServerTool(new Tool { Name = function, InputSchema = AnyObject }, async (_, _) =>
        {
            var result = await next().ConfigureAwait(false);
            var json = JsonSerializer.SerializeToElement(result, type);
            done = true;
            return json;
        });
        var values = new AIFunctionArguments(StringComparer.Ordinal);
        foreach (var property in arguments.EnumerateObject())
        {
            values[property.Name] = property.Value;
        }

        var answer = (JsonElement)(await new GuardedFunction(tool, session).InvokeAsync(values, cancellationToken).ConfigureAwait(false))!;
        return done ? answer.Deserialize(type)! : throw Denied(answer);
    }

    /// <summary>Whether a request could be allowed, without effect: what a list shows.</summary>
    internal static bool CouldRun(GuardSession? session, string function, JsonElement arguments) =>
        session is not null
        && FunctionReach.IsGranted(session.Policy, function)
        && session.Policy.Decide(
            new FunctionOperation(session.Principal, FunctionShape.Of(session.Policy, function).Effects, function, arguments), session).Kind != DecisionKind.Deny;

    internal static JsonElement Arguments(Action<Utf8JsonWriter> write) => ToolJson.Write(writer =>
    {
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
    });

    private static McpProtocolException Denied(JsonElement answer) => new(answer.GetRawText(), McpErrorCode.InvalidRequest);
}
