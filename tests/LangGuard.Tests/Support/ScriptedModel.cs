using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Support;

/// <summary>A model that says what a test wants, one step a turn, and keeps what it was sent.</summary>
internal sealed class ScriptedModel(params AIContent[] steps) : IChatClient
{
    private readonly Queue<AIContent> _steps = new(steps);

    internal List<ChatOptions?> Options { get; } = [];

    internal List<ChatMessage> Seen { get; } = [];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        AIContent step;
        lock (_steps)
        {
            Options.Add(options);
            Seen.Clear();
            Seen.AddRange(messages);
            step = _steps.Count > 0 ? _steps.Dequeue() : new TextContent("Done.");
        }

        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [step])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
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
