using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>What one session tree knows of its own chat: which results it gave and which approvals it asked for. Everything
/// else in a history is the caller's word.</summary>
internal sealed class ChatHistory
{
    private const int MaxPending = 64;
    private const int MaxResults = 4_096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);
    private readonly HashSet<string> _results = new(StringComparer.Ordinal);
    private readonly Queue<string> _resultOrder = new();

    /// <summary>The messages that may go on: approvals only where this session asked, bound to the call it asked for.</summary>
    internal IReadOnlyList<ChatMessage> Admit(
        GuardSession session, IEnumerable<ChatMessage> messages, IReadOnlyDictionary<string, AIFunction> tools,
        ToolGuardOptions options)
    {
        var all = messages.ToList();
        var accepted = options.AcceptApprovalsInChat ? Accept(session, all, tools) : [];
        var admitted = new List<ChatMessage>(all.Count);
        foreach (var message in all)
        {
            Learn(session, message, options);
            if (!message.Contents.Any(content => content is ToolApprovalRequestContent or ToolApprovalResponseContent))
            {
                admitted.Add(message);
                continue;
            }

            var contents = message.Contents.Select(content => Bound(content, message, accepted)).OfType<AIContent>().ToList();
            if (contents.Count > 0)
            {
                var clone = message.Clone();
                clone.Contents = contents;
                admitted.Add(clone);
            }
        }

        return admitted;
    }

    /// <summary>Remembers what goes out: results as our own, approval requests as the only ones that can be answered.</summary>
    internal void Record(IEnumerable<AIContent> contents, GuardSession session)
    {
        foreach (var content in contents)
        {
            switch (content)
            {
                case FunctionResultContent result:
                    Remember(Fingerprint(result));
                    break;
                case ToolApprovalRequestContent { ToolCall: FunctionCallContent call } request:
                    Remember(request.RequestId, call, session);
                    break;
                default:
                    break;
            }
        }
    }

    private static AIContent? Bound(
        AIContent content, ChatMessage message, Dictionary<string, (ToolApprovalRequestContent Request, ToolApprovalResponseContent Response)> accepted)
    {
        switch (content)
        {
            // Each half once, from the record: a second copy in the history is one approval too many.
            case ToolApprovalRequestContent request when accepted.TryGetValue(request.RequestId, out var pair):
                return message.Role == ChatRole.Assistant && Take(accepted, request.RequestId, pair, first: true) ? pair.Request : null;
            case ToolApprovalResponseContent response when accepted.TryGetValue(response.RequestId, out var pair):
                return message.Role == ChatRole.User && Take(accepted, response.RequestId, pair, first: false) ? pair.Response : null;
            case ToolApprovalRequestContent or ToolApprovalResponseContent:
                return null;
            default:
                return content;
        }
    }

    private static bool Take(
        Dictionary<string, (ToolApprovalRequestContent Request, ToolApprovalResponseContent Response)> accepted,
        string id, (ToolApprovalRequestContent Request, ToolApprovalResponseContent Response) pair, bool first)
    {
        if (first ? pair.Request is null : pair.Response is null)
        {
            return false;
        }

        accepted[id] = first ? (null!, pair.Response) : (pair.Request, null!);
        return true;
    }

    private static string Fingerprint(FunctionResultContent result)
    {
        var text = result.Result switch
        {
            string plain => plain,
            JsonElement element => element.GetRawText(),
            null => "",
            var other => other.ToString() ?? "",
        };
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{result.CallId.Length}:{result.CallId}{text}")));
    }

    private static FunctionCallContent Copy(FunctionCallContent call) =>
        new(call.CallId, call.Name, call.Arguments is null ? null : new Dictionary<string, object?>(call.Arguments));

    /// <summary>Labels the session by what the history brings in, and hands it the user's words.</summary>
    private void Learn(GuardSession session, ChatMessage message, ToolGuardOptions options)
    {
        foreach (var content in message.Contents)
        {
            if (content is TextContent text && message.Role == ChatRole.User)
            {
                if (options.TrustUserMessages)
                {
                    session.AddUserMessage(text.Text);
                }
            }
            else if ((content is FunctionResultContent result && !IsOurs(result))
                || (message.Role == ChatRole.Tool && content is not FunctionResultContent)
                || (message.Role == ChatRole.User && content is DataContent or UriContent or HostedFileContent))
            {
                // A result that this session did not give, or a document: nobody vouches for it.
                session.MarkUntrusted();
            }
        }
    }

    private bool IsOurs(FunctionResultContent result)
    {
        lock (_lock)
        {
            return _results.Contains(Fingerprint(result));
        }
    }

    private void Remember(string result)
    {
        lock (_lock)
        {
            if (_results.Add(result))
            {
                _resultOrder.Enqueue(result);
                if (_resultOrder.Count > MaxResults)
                {
                    _results.Remove(_resultOrder.Dequeue());
                }
            }
        }
    }

    private void Remember(string requestId, FunctionCallContent call, GuardSession session)
    {
        lock (_lock)
        {
            var now = session.Tree.TimeProvider.GetUtcNow();
            foreach (var lapsed in _pending.Where(entry => entry.Value.Expires <= now).Select(entry => entry.Key).ToList())
            {
                _pending.Remove(lapsed);
            }

            // More than this many at once is a flood; the rest can not be approved.
            if (_pending.Count < MaxPending)
            {
                _pending.TryAdd(requestId, new PendingCall(Copy(call), now + ApprovalLayer.TimeToLiveOf(session.Policy)));
            }
        }
    }

    /// <summary>The answers that count: in a message of the user, to a request of ours that is open. Each is used up here, and
    /// an approved call gets an approval of the session for exactly its effect.</summary>
    private Dictionary<string, (ToolApprovalRequestContent Request, ToolApprovalResponseContent Response)> Accept(
        GuardSession session, List<ChatMessage> messages, IReadOnlyDictionary<string, AIFunction> tools)
    {
        var accepted = new Dictionary<string, (ToolApprovalRequestContent Request, ToolApprovalResponseContent Response)>(StringComparer.Ordinal);
        var asked = messages.Where(message => message.Role == ChatRole.Assistant)
            .SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()
            .Select(request => request.RequestId).ToHashSet(StringComparer.Ordinal);
        foreach (var answer in messages.Where(message => message.Role == ChatRole.User)
            .SelectMany(message => message.Contents).OfType<ToolApprovalResponseContent>())
        {
            if (!asked.Contains(answer.RequestId) || TakePending(answer.RequestId, session) is not { } call)
            {
                continue;
            }

            // An answer that names another call was given for something else.
            var approved = answer.Approved && IsSameCall(answer.ToolCall, call)
                && tools.TryGetValue(call.Name, out var tool) && Approve(session, tool, call);
            var request = new ToolApprovalRequestContent(answer.RequestId, call);
            accepted.Add(answer.RequestId, (request, request.CreateResponse(approved, approved ? null : answer.Reason)));
        }

        return accepted;
    }

    private FunctionCallContent? TakePending(string requestId, GuardSession session)
    {
        lock (_lock)
        {
            return _pending.Remove(requestId, out var pending) && pending.Expires > session.Tree.TimeProvider.GetUtcNow()
                ? pending.Call
                : null;
        }
    }

    private static bool IsSameCall(ToolCallContent? answered, FunctionCallContent call)
    {
        if (answered is not FunctionCallContent other || other.CallId != call.CallId || other.Name != call.Name)
        {
            return false;
        }

        var mine = ArgumentScan.Read(new(call.Arguments), null, AIJsonUtilities.DefaultOptions);
        var theirs = ArgumentScan.Read(new(other.Arguments), null, AIJsonUtilities.DefaultOptions);
        return mine is not null && theirs is not null
            && CanonicalJson.Text(CanonicalJson.Write(mine.Value)) == CanonicalJson.Text(CanonicalJson.Write(theirs.Value));
    }

    /// <summary>Stores an approval for the very operation that the guard will raise. It does not allow: the policy decides
    /// again when the call comes.</summary>
    private static bool Approve(GuardSession session, AIFunction tool, FunctionCallContent call)
    {
        if (tool is not GuardedFunction guarded)
        {
            return true;
        }

        return guarded.Prepare(session, new AIFunctionArguments(call.Arguments)) is { } operation
            && session.ApproveOnce(operation);
    }

    private sealed record PendingCall(FunctionCallContent Call, DateTimeOffset Expires);
}
