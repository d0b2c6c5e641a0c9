using LangGuard.Http;

namespace LangGuard;

/// <content>The HTTP guard of a session.</content>
public static partial class GuardSessionExtensions
{
    private const string HttpKey = "http";

    extension(GuardSession session)
    {
        /// <summary>An HTTP client that sends only what the session may send. One per session; do not dispose it.</summary>
        /// <remarks>Redirects are followed and checked hop by hop. Denials are <see cref="AccessDeniedException"/>. Time and
        /// size limits are those of the rules.</remarks>
        public HttpClient HttpClient
        {
            get
            {
                ArgumentNullException.ThrowIfNull(session);
                return session.Resource(HttpKey, static owner => owner.CreateHttpClient());
            }
        }

        /// <summary>A further client for the session, for a base address or default headers of its own.</summary>
        public HttpClient CreateHttpClient()
        {
            ArgumentNullException.ThrowIfNull(session);
#pragma warning disable CA2000 // The client owns the handler.
            return new HttpClient(new GuardedHttpHandler(session), disposeHandler: true)
            {
                Timeout = Timeout.InfiniteTimeSpan,
            };
#pragma warning restore CA2000
        }
    }
}
