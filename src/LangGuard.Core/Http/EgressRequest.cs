using System.Net;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>
/// The message that goes to the wire: a copy that nobody else holds. It carries the permit to the place where connections
/// are made, so that a connection without a granted request cannot exist.
/// </summary>
internal sealed class EgressRequest : HttpRequestMessage
{
    public EgressRequest(HttpMethod method, CanonicalUrl url)
        : base(method, url.Uri) => Url = url;

    public CanonicalUrl Url { get; }

    /// <summary>Whether neither request nor content headers were copied. Asking the message itself would allocate them.</summary>
    public bool HasNoHeaders => !HasHeaders && Content is null;

    /// <summary>Set when the first header is copied.</summary>
    public bool HasHeaders { get; set; }

    /// <summary>Whether a test leaves out the check of headers.</summary>
    public bool TakesAnyHeader { get; init; }

    /// <summary>Set once, after the decision.</summary>
    public HttpGrant? Grant { get; set; }

    /// <summary>The header that holds a credential of the guard: on the wire, and nowhere else.</summary>
    public string? CredentialHeader { get; set; }

    public bool IsFor(DnsEndPoint endPoint) =>
        Grant is not null && endPoint.Port == Url.Port
        && endPoint.Host.AsSpan().Trim("[]").Equals(Url.Host.AsSpan().Trim("[]"), StringComparison.OrdinalIgnoreCase);
}
