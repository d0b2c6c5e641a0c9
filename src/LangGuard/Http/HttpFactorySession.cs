using LangGuard.Http;

namespace LangGuard;

/// <summary>Named clients of the HTTP client factory, bound to a session.</summary>
public static class HttpFactorySession
{
    extension(GuardSession session)
    {
        /// <summary>A client with the handlers of a named, guarded client, bound to this session. Cheap; the handlers are
        /// pooled by the factory.</summary>
        /// <param name="factory">The factory of the host.</param>
        /// <param name="name">The name that was given to <c>AddHttpClient</c>.</param>
        public HttpClient CreateHttpClient(IHttpMessageHandlerFactory factory, string name)
        {
            ArgumentNullException.ThrowIfNull(session);
            ArgumentNullException.ThrowIfNull(factory);
            ArgumentNullException.ThrowIfNull(name);

            // The factory owns the shared handlers: disposing the client must not reach them, as with the factory's own.
#pragma warning disable CA2000
            return new HttpClient(new SessionHandler(session, factory.CreateHandler(name)), disposeHandler: false);
#pragma warning restore CA2000
        }
    }
}
