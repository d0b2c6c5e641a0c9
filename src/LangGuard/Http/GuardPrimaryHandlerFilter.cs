using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace LangGuard.Http;

/// <summary>Makes the guard the primary handler of guarded clients, whatever the order of registrations, and refuses to build
/// a client whose primary handler somebody else has set.</summary>
internal sealed class GuardPrimaryHandlerFilter(IOptionsMonitor<GuardedClientOptions> clients) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        var options = clients.Get(builder.Name ?? string.Empty);
        if (!options.IsGuarded)
        {
            next(builder);
            return;
        }

        using var sentinel = new SentinelHandler();
        builder.PrimaryHandler = sentinel;
        next(builder);
        if (!ReferenceEquals(builder.PrimaryHandler, sentinel))
        {
            throw new InvalidOperationException(
                $"The HTTP client '{builder.Name}' is guarded and has a primary handler of its own, which would go around the "
                + "guard. Remove ConfigurePrimaryHttpMessageHandler or UseSocketsHttpHandler; a test double is set with "
                + "UseUnguardedTransport.");
        }

        builder.PrimaryHandler = new GuardedHttpHandler(options.Agent, options.UnguardedTransport?.Invoke());
    };

    private sealed class SentinelHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A handler that was never meant to send was called.");
    }
}
