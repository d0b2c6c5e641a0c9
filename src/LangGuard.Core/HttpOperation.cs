namespace LangGuard;

/// <summary>One HTTP request, one hop.</summary>
public sealed class HttpOperation : Operation
{
    /// <summary>Creates an HTTP operation.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What the request does.</param>
    /// <param name="method">The upper-case method.</param>
    /// <param name="url">The canonical URL that goes on the wire.</param>
    public HttpOperation(Principal principal, Effects effects, string method, Uri url)
        : base(Surface.Http, effects, principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(method);
        ArgumentNullException.ThrowIfNull(url);
        Method = method;
        Url = url;
    }

    /// <summary>The upper-case method.</summary>
    public string Method { get; }

    /// <summary>The canonical URL.</summary>
    public Uri Url { get; }

    /// <inheritdoc />
    public override string Resource => $"{Method} {Url.GetLeftPart(UriPartial.Path)}";
}
