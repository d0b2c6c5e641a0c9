namespace LangGuard;

/// <summary>Says for whom the sessions of one service scope are. In ASP.NET <c>app.UseLangGuard()</c> does it; a worker
/// that makes its own scope calls <see cref="Begin(Principal, string?)"/>. Until then there is no session: everything is
/// denied.</summary>
public sealed class GuardSessionScope : IDisposable
{
    private static readonly Reason NoPrincipal = new(
        "session.missing", "There is no session, so nothing is allowed.", Retry.No,
        "call app.UseLangGuard() after authentication, or GuardSessionScope.Begin(principal) in a scope of your own");

    private readonly IGuardSessionFactory _factory;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, GuardSession> _sessions = new(StringComparer.Ordinal);
    private Principal? _principal;
    private string? _conversationId;
    private AmbientSession? _boundary;
    private bool _disposed;

    internal GuardSessionScope(IGuardSessionFactory factory) => _factory = factory;

    /// <summary>Says for whom, and in which conversation.</summary>
    /// <param name="principal">On whose behalf, from the host's authentication.</param>
    /// <param name="conversationId">The conversation, or null for a session that ends with the scope.</param>
    /// <exception cref="InvalidOperationException">The scope has begun already.</exception>
    public void Begin(Principal principal, string? conversationId = null) => Begin(principal, conversationId, null);

    /// <summary>The session of an agent in this scope; ends with the scope.</summary>
    /// <param name="agent">The name of the agent.</param>
    /// <exception cref="AccessDeniedException">The scope has not begun, or the conversation is somebody else's.</exception>
    public GuardSession Session(string agent = PolicyBuilder.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(agent);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_principal is null)
            {
                throw new AccessDeniedException(Decision.Deny(NoPrincipal), (string?)null);
            }

            if (!_sessions.TryGetValue(agent, out var session))
            {
                session = _conversationId is null
                    ? _factory.Create(_principal, agent)
                    : _factory.Resume(_principal, _conversationId, agent);
                _sessions.Add(agent, session);
                _boundary?.Add(session);
            }

            return session;
        }
    }

    /// <summary>Ends the sessions of the scope. A conversation goes on in the next one.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var session in _sessions.Values)
            {
                session.Dispose();
            }

            _sessions.Clear();
        }
    }

    internal void Begin(Principal principal, string? conversationId, AmbientSession? boundary)
    {
        ArgumentNullException.ThrowIfNull(principal);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_principal is not null)
            {
                throw new InvalidOperationException("The scope has a principal already; it can not change.");
            }

            _principal = principal;
            _conversationId = conversationId;
            _boundary = boundary;
        }
    }
}
