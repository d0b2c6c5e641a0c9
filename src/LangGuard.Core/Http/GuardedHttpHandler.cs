using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// The end of every handler chain: decides on each request and each hop of a redirect, and sends the very message that was
/// decided on. Nothing is behind it that could change a message.
/// </summary>
internal sealed partial class GuardedHttpHandler : HttpMessageHandler
{
    private readonly GuardSession? _session;
    private readonly string? _agent;
    private readonly HttpMessageInvoker? _unguardedTransport;

    /// <summary>A guard for one session.</summary>
    public GuardedHttpHandler(GuardSession session) => _session = session;

    /// <summary>A guard that is shared by the sessions of one agent: each request brings its own, or runs inside a boundary
    /// that has one.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="unguardedTransport">A test double that takes the place of the network, or null.</param>
    public GuardedHttpHandler(string agent, HttpMessageHandler? unguardedTransport)
    {
        _agent = agent;
        _unguardedTransport = unguardedTransport is null ? null : new HttpMessageInvoker(unguardedTransport);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Dispatch(SessionOf(request), request, mayAsk: true, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Asking a person would block; a synchronous call is denied instead, with the id of the request.
        return Dispatch(SessionOf(request), request, mayAsk: false, cancellationToken).GetAwaiter().GetResult();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unguardedTransport?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Task<HttpResponseMessage> Dispatch(
        GuardSession session, HttpRequestMessage request, bool mayAsk, CancellationToken cancellationToken)
    {
        var pools = EgressPools.Of(session.Policy.Dependencies);
#pragma warning disable CA2000 // Returned to the pool at the end of the request.
        var dispatch = pools.Rent();
#pragma warning restore CA2000
        dispatch.Start(session, request, mayAsk, cancellationToken);
        return SendAsync(pools, dispatch);
    }

    private GuardSession SessionOf(HttpRequestMessage request)
    {
        if (_session is not null)
        {
            return _session;
        }

        // Invariant: a client of one agent never runs with the rights of another.
        var session = SessionBinding.Of(request) ?? AmbientSession.Current;
        return session is not null && string.Equals(session.Agent, _agent, StringComparison.Ordinal)
            ? session
            : throw new AccessDeniedException(Decision.Deny(Reasons.SessionMissing), (string?)null);
    }

    /// <summary>Records a refusal that no rule can lift, and returns it to be thrown.</summary>
    private static AccessDeniedException Refuse(
        GuardSession session, HttpRequestMessage request, in HopState hop, Reason reason)
    {
        var operation = new HttpOperation(session.Principal, request.Method.Method, hop.Url, reason);
        var answer = session.Refuse(operation, reason);
        return new AccessDeniedException(answer.Decision, operation);
    }

    /// <summary>Whether the platform's text quotes what the server said in place of an answer.</summary>
    private static bool QuotesAnswer(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the caller sees of an error below the decision; null to let it pass as it is.</summary>
    private static AccessDeniedException? ToDenial(
        Exception error, HttpOperation operation, AttachedCredential? credential, bool isLate)
    {
        var reason = EgressDenial.Find(error)?.Decision.Reason;
        if (reason is null && credential is not null && credential.AppearsIn(error.ToString()))
        {
            // The platform quotes a malformed answer in its message, with whatever the server echoed.
            reason = HttpReasons.CredentialEcho;
        }

        if (reason is null && error is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            reason = HttpReasons.ResponseTooLarge;
        }

        if (reason is null && isLate)
        {
            reason = HttpReasons.TooSlow;
        }

        return reason is null ? null : new AccessDeniedException(Decision.Deny(reason), operation);
    }
}
