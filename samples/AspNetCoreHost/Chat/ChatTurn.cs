using System.Runtime.CompilerServices;
using LangGuard;
using Microsoft.Extensions.AI;

namespace AspNetCoreHost.Chat;

/// <summary>One turn: the user's text goes in, the model works with guarded tools, its text streams out.</summary>
internal sealed class ChatTurn(GuardSessionScope scope)
{
    internal async IAsyncEnumerable<string> RunAsync(
        Conversation conversation, string text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Invariant: the session is the one of the request's user and conversation; nothing in the text can change that.
        var session = scope.Session(conversation.Owner.Tenant!);
        using var client = new ChatClientBuilder(new DeskModel())
            .UseLangGuard(session, options =>
            {
                options.TrustUserMessages = false;
                options.AcceptApprovalsInChat = false;
            })
            .UseFunctionInvocation(configure: invoker => invoker.AllowConcurrentInvocation = true)
            .Build();
        await conversation.Turn.WaitAsync(cancellationToken);
        try
        {
            conversation.Messages.Add(new ChatMessage(ChatRole.User, text));
            var updates = new List<ChatResponseUpdate>();
            var options = new ChatOptions { Tools = [.. session.GetTools()] };
            await foreach (var update in client.GetStreamingResponseAsync(conversation.Messages, options, cancellationToken))
            {
                updates.Add(update);
                if (update.Text is { Length: > 0 } part)
                {
                    yield return part;
                }
            }

            conversation.Messages.AddRange(updates.ToChatResponse().Messages);
        }
        finally
        {
            conversation.Turn.Release();
        }
    }
}
