using LangGuard.AI;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>The session of one request while the request runs. What it calls finds this session and no other.</summary>
internal sealed class RequestSession : IDisposable
{
    private readonly GuardSession? _outer = ChatSession.Current;
    private readonly AmbientSession? _boundary;

    internal RequestSession(GuardSession? session, Reason missing)
    {
        Session = session;
        Missing = missing;
        if (session is not null)
        {
            _boundary = AmbientSession.Enter(session);
            ChatSession.Current = session;
        }
    }

    internal GuardSession? Session { get; }

    /// <summary>Why there is no session.</summary>
    internal Reason Missing { get; }

    public void Dispose()
    {
        ChatSession.Current = _outer;
        _boundary?.Dispose();
        Session?.Dispose();
    }
}
