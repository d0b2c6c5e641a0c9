using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// The end of every handler chain: decides on each request and each hop of a redirect, and sends the very message that was
/// decided on. Nothing is behind it that could change a message.
/// </summary>
internal sealed class GuardedHttpHandler : HttpMessageHandler
{
    private readonly GuardSession? _session;

    /// <param name="session">The session of every request, or null when each request brings its own.</param>
    public GuardedHttpHandler(GuardSession? session) => _session = session;

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

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, bool mayAsk, CancellationToken cancellationToken)
    {
        var session = _session ?? SessionBinding.Of(request)
            ?? throw new AccessDeniedException(Decision.Deny(Reasons.SessionMissing), (string?)null);
        var hop = new HttpHop(session, request, mayAsk);
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
