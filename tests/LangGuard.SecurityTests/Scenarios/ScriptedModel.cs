using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A model that makes the calls of a scenario one after another. It may look at what it was answered before, like a real
/// one that was talked into something. Everything that it was sent is kept.</summary>
internal sealed class ScriptedModel(IReadOnlyList<Func<IReadOnlyList<string>, Step>> script, string claim = "Done.") : IChatClient
{
    private readonly List<string> _answers = [];
    private readonly List<string> _seen = [];
    private int _next;

    /// <summary>The results of the calls, in order.</summary>
    internal IReadOnlyList<string> Answers => _answers;

    /// <summary>All that reached the model, tool results included.</summary>
    internal IReadOnlyList<string> Seen => _seen;

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var all = messages.ToList();
        _seen.Clear();
        _seen.AddRange(all.Select(message => message.Text));
        _seen.AddRange(all.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => $"{result.Exception}"));
        _answers.Clear();
        _answers.AddRange(all.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => $"{result.Result}"));
        AIContent content = _next < script.Count ? Call(script[_next](_answers)) : new TextContent(claim);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [content])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
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

    private FunctionCallContent Call(Step step) =>
        new($"call-{++_next}", step.Tool, step.Arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
}
