using System.Text.Json;
using LangGuard.AI;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>One call that is decided, carried out with exactly the arguments that were decided on, and whose whole result,
/// structured content included, is shaped.</summary>
internal sealed class ServerToolCall(
    RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, CallToolResult> next)
{
    private ContentBlock?[] _binary = [];
    private bool _done;

    internal async ValueTask<CallToolResult> RunAsync(Tool tool, GuardSession session, CancellationToken cancellationToken)
    {
        var arguments = new AIFunctionArguments(StringComparer.Ordinal);
        foreach (var (name, value) in request.Params?.Arguments ?? new Dictionary<string, JsonElement>())
        {
            arguments[name] = value;
        }

        var answer = await new GuardedFunction(new ServerTool(tool, RunAsync), session).InvokeAsync(arguments, cancellationToken)
            .ConfigureAwait(false);
        return _done ? WithBinary((JsonElement)answer!) : Denied((JsonElement)answer!);
    }

    internal static CallToolResult Denied(JsonElement answer) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = answer.GetRawText() }] };

    private async ValueTask<JsonElement> RunAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        request.Params!.Arguments = arguments.ToDictionary(argument => argument.Key, argument => (JsonElement)argument.Value!, StringComparer.Ordinal);
        CallToolResult result;
        try
        {
            result = await next(request, cancellationToken).ConfigureAwait(false);
        }
        catch (McpException exception) when (exception is not McpProtocolException)
        {
            // The server would show this text to the model as it is.
            result = new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = exception.Message }] };
        }

        var json = JsonSerializer.SerializeToElement(WithoutBinary(result), ResultType);
        _done = true;
        return json;
    }

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<CallToolResult> ResultType =>
        (System.Text.Json.Serialization.Metadata.JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

    /// <summary>Images and other bytes are no text: cut or cleaned as such they would be destroyed.</summary>
    private CallToolResult WithoutBinary(CallToolResult result)
    {
        _binary = [.. result.Content.Select(block =>
            block is ImageContentBlock or AudioContentBlock or EmbeddedResourceBlock { Resource: BlobResourceContents } ? block : null)];
        return new CallToolResult
        {
            Content = [.. result.Content.Select((block, index) => _binary[index] is null ? block : new TextContentBlock { Text = "" })],
            StructuredContent = result.StructuredContent,
            IsError = result.IsError,
            Meta = result.Meta,
        };
    }

    private CallToolResult WithBinary(JsonElement shaped)
    {
        var result = shaped.Deserialize(ResultType)!;
        result.Content = [.. result.Content.Select((block, index) => _binary[index] ?? block)];
        return result;
    }
}
