using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.Chat;

/// <summary>A chat over one function that needs approval, guarded or not, streaming or not.</summary>
internal sealed class ChatWorld : IDisposable
{
    private readonly IChatClient _client;
    private readonly bool _isStreaming;

    internal ChatWorld(bool isGuarded, bool isStreaming, params AIContent[] steps)
        : this(isGuarded, isStreaming, null, null, steps)
    {
    }

    internal ChatWorld(
        bool isGuarded, bool isStreaming, TimeProvider? clock, Action<PolicyBuilder>? configure, params AIContent[] steps)
    {
        _isStreaming = isStreaming;
        Tool = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(Transfer, "transfer"));
        Session = Operations.SessionOf(policy =>
        {
            policy.LimitPermissions(allow => allow.Function("transfer", f => f.Any("to", "amount").Does(Effects.Write)));
            if (clock is not null)
            {
                policy.Provide(clock);
            }

            configure?.Invoke(policy);
        });
        Model = new ScriptedModel(steps);
        var builder = Model.AsBuilder();
        _client = (isGuarded ? builder.UseLangGuard(Session) : builder).UseFunctionInvocation().Build();
    }

    internal AIFunction Tool { get; }

    internal GuardSession Session { get; }

    internal ScriptedModel Model { get; }

    internal List<string> Done { get; } = [];

    internal static FunctionCallContent Call(string to = "alice", int amount = 1, string id = "c1", string name = "transfer") =>
        new(id, name, new Dictionary<string, object?> { ["to"] = to, ["amount"] = amount });

    internal async Task<List<ChatMessage>> SayAsync(params ChatMessage[] messages)
    {
        var options = new ChatOptions { Tools = [Tool] };
        return _isStreaming
            ? [.. (await _client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()).Messages]
            : [.. (await _client.GetResponseAsync(messages, options)).Messages];
    }

    internal async Task<(List<ChatMessage> History, ToolApprovalRequestContent Request)> AskAsync()
    {
        var history = new List<ChatMessage> { new(ChatRole.User, "Pay.") };
        history.AddRange(await SayAsync([.. history]));
        return (history, history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single());
    }

    public void Dispose()
    {
        _client.Dispose();
        Session.Dispose();
    }

    private string Transfer(string to, int amount)
    {
        lock (Done)
        {
            Done.Add($"{to} {amount}");
        }

        return "sent";
    }
}
