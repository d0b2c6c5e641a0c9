namespace LangGuard.Http;

/// <summary>A credential that is on its way to a server, and what keeps it from coming back to the agent.</summary>
internal abstract class AttachedCredential
{
    /// <summary>The secret in all its forms.</summary>
    public abstract SecretPatterns Patterns { get; }

    /// <summary>Scrubs response headers. Trailers never reach the caller.</summary>
    public abstract void ScrubHeaders(HttpResponseMessage response);

    /// <summary>A stream that reads <paramref name="body"/> without the secret and its common encodings.</summary>
    public abstract Stream ScrubBody(Stream body);

    /// <summary>Whether a text, such as the target of a redirect, holds the secret.</summary>
    public abstract bool AppearsIn(string text);
}
