namespace LangGuard.Http;

/// <summary>The outermost handler of a client that belongs to one session; what is behind it is shared by all sessions.</summary>
internal sealed class SessionHandler : DelegatingHandler
{
    private readonly GuardSession _session;

    public SessionHandler(GuardSession session, HttpMessageHandler shared)
        : base(shared) => _session = session;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        SessionBinding.Bind(request, _session);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        SessionBinding.Bind(request, _session);
        return base.Send(request, cancellationToken);
    }
}
