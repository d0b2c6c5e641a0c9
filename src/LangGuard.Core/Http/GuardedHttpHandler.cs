using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// The end of every handler chain: decides on each request and each hop of a redirect, and sends the very message that was
/// decided on. Nothing is behind it that could change a message.
/// </summary>
internal sealed class GuardedHttpHandler : HttpMessageHandler
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
        return SendAsync(request, mayAsk: true, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // Asking a person would block; a synchronous call is denied instead, with the id of the request.
        return SendAsync(request, mayAsk: false, cancellationToken).GetAwaiter().GetResult();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unguardedTransport?.Dispose();
        }

        base.Dispose(disposing);
    }

    private GuardSession? SessionOf(HttpRequestMessage request)
    {
        if (_session is not null)
        {
            return _session;
        }

        // Invariant: a client of one agent never runs with the rights of another.
        var session = SessionBinding.Of(request) ?? AmbientSession.Current;
        return string.Equals(session?.Agent, _agent, StringComparison.Ordinal) ? session : null;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, bool mayAsk, CancellationToken cancellationToken)
    {
        var session = SessionOf(request)
            ?? throw new AccessDeniedException(Decision.Deny(Reasons.SessionMissing), (string?)null);
        var hop = new HttpHop(session, request, mayAsk, _unguardedTransport);
        for (var redirects = 0; ; redirects++)
        {
            await hop.PrepareAsync(cancellationToken).ConfigureAwait(false);
            var response = await hop.SendAsync(cancellationToken).ConfigureAwait(false);
            if (response is not null)
            {
                hop.Publish(response);
                return response;
            }

            if (redirects == RedirectTarget.MaxRedirects)
            {
                throw hop.Refuse(HttpReasons.TooManyRedirects);
            }
        }
    }
}
