using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LangGuard.AI;

/// <summary>Guards every tool that a model can reach, binds approvals to the requests of the session, and tells the session
/// what the user wrote. Stands around the client that invokes functions.</summary>
internal sealed class GuardedChatClient : DelegatingChatClient
{
    private readonly Func<GuardSession?> _session;
    private readonly ToolGuardOptions _options;
    private readonly ToolGuarding _tools;

    internal GuardedChatClient(IChatClient inner, Func<GuardSession?> session, ToolGuardOptions options, ILogger logger)
        : base(inner)
    {
        _session = session;
        _options = options;
        _tools = new ToolGuarding(InvokingClients.In(inner), options, logger);
        _tools.GuardAdditionalTools();
        _tools.GuardInvocation();
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = Prepare(messages, options);
        var outer = ChatSession.Current;
        ChatSession.Current = call.Session;
        try
        {
            var response = await base.GetResponseAsync(call.Messages, call.Options, cancellationToken);
            call.Bind(response.Messages.SelectMany(message => message.Contents));
            return response;
        }
        finally
        {
            ChatSession.Current = outer;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = Prepare(messages, options);
        await using var updates = base.GetStreamingResponseAsync(call.Messages, call.Options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // Each step runs in the context of whoever asks for it, so the session is set for each.
            ChatSession.Current = call.Session;
            if (!await updates.MoveNextAsync())
            {
                break;
            }

            call.Bind(updates.Current.Contents);
            ChatSession.Current = null;
            yield return updates.Current;
        }
    }

    private ChatCall Prepare(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var session = _session();
        var guarded = _tools.Guard(options, session);
        if (session is null)
        {
            return new ChatCall(null, [.. messages], guarded, null);
        }

        var history = session.State<ChatHistory>();
        var tools = _tools.Reachable(guarded);
        return new ChatCall(session, history.Admit(session, messages, tools, _options), guarded, history);
    }

    private readonly record struct ChatCall(
        GuardSession? Session, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, ChatHistory? History)
    {
        internal void Bind(IEnumerable<AIContent> contents) => History?.Record(contents, Session!);
    }
}
