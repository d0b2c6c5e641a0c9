using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Quickstart.Model;

/// <summary>A model that follows a script: deterministic and offline. Everything it was sent is kept, so that the sample
/// can check that no secret was among it.</summary>
internal sealed class ScriptedModel(IEnumerable<Step> script) : IChatClient
{
    private readonly Queue<Step> _script = new(script);
    private int _calls;

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var step = _script.Count > 0 ? _script.Dequeue() : new Step("Done.");
        AIContent content = step.Tool is null
            ? new TextContent(step.Say)
            : new FunctionCallContent($"call-{++_calls}", step.Tool, step.Arguments?.ToDictionary());
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [content])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
