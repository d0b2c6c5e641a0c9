using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AspNetCoreHost.Chat;

/// <summary>A model that is deterministic and offline: it does what the last message says, one tool a turn, then repeats what
/// the tools returned. Obedient on purpose: whoever asks for harm gets a model that tries.</summary>
internal sealed class DeskModel : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var all = messages.ToList();
        var asked = all.FindLastIndex(message => message.Role == ChatRole.User);
        var plan = Script.For(asked < 0 ? "" : all[asked].Text);
        var results = all.Skip(asked + 1).SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToList();
        AIContent content = results.Count < plan.Count
            ? plan[results.Count]
            : new TextContent(string.Join('\n', results.Select(result => JsonSerializer.Serialize(result.Result))));
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [content])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var content in response.Messages[0].Contents)
        {
            if (content is not TextContent text)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [content]);
                continue;
            }

            foreach (var line in text.Text.Split('\n'))
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, line + "\n");
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
