using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Why an HTTP request was denied.</summary>
internal static class HttpReasons
{
    public static readonly Reason Endpoint = new(
        "http.endpoint", "No rule grants this endpoint.", Retry.ChangeArguments, "LimitPermissions: Http(\"{resource}\")");

    public static readonly Reason Method = new(
        "http.method", "A rule grants this endpoint, but not this method.", Retry.ChangeArguments,
        "LimitPermissions: Http(\"{resource}\")");

    public static readonly Reason Query = new(
        "http.query", "The query has a key or a value that the rule does not list.", Retry.ChangeArguments,
        "add 'query KEY:TYPE' to the rule");

    public static readonly Reason Header = new(
        "http.header", "The request has a header that the rule does not list.", Retry.ChangeArguments,
        "add 'header NAME' to the rule");

    public static readonly Reason DeniedEndpoint = new("http.denied-endpoint", "A deny rule covers this endpoint.");

    public static readonly Reason DisguisedMethod = new(
        "http.disguised-method", "The request asks the server to carry out another method or a batch of requests, or hides what it asks for.");

    public static readonly Reason UnknownMethod = new("http.unknown-method", "The method is one that no rule can grant.");

    public static readonly Reason ForbiddenHeader = new(
        "http.forbidden-header", "The request has a header that reroutes or reframes it.", Retry.ChangeArguments);

    public static readonly Reason MalformedHeader = new(
        "http.malformed-header", "A header name or value has characters that headers cannot hold.", Retry.ChangeArguments);

    public static readonly Reason BodyTooLarge = new(
        "http.body-too-large", "The request body is larger than the rule allows.", Retry.ChangeArguments,
        "add 'max-body SIZE' to the rule");

    public static readonly Reason PrivateAddress = new(
        "http.private-address", "The host is not on the public internet, and no rule opens its network.", Retry.No,
        "add 'private NETWORK' to the rule of this host");

    public static readonly Reason NoAddress = new("http.no-address", "The host has no address.");

    public static readonly Reason OwnListener = new("http.own-listener", "The address belongs to this application.");

    public static readonly Reason Unbound = new("http.unbound", "A connection was asked for outside a granted request.");

    public static readonly Reason ProxyConflict = new(
        "http.proxy-conflict", "The policies of this session require two different proxies, and no request can take both.");

    public static readonly Reason TooManyRedirects = new("http.too-many-redirects", "The server redirected too often.");

    public static readonly Reason Downgrade = new("http.downgrade", "The server redirected from https to http.");

    public static readonly Reason BadRedirect = new("http.bad-redirect", "The server redirected to something that is no URL.");

    public static readonly Reason RedirectBody = new(
        "http.redirect-body", "The server redirected a request whose body is too long to be sent again.");

    public static readonly Reason Credential = new(
        "http.credential", "The credential that the rule attaches is not available.", Retry.Later);

    public static readonly Reason CredentialEcho = new(
        "http.credential-echo", "The server sent a credential back where it would leave the guard.");

    public static readonly Reason ResponseTooLarge = new(
        "http.response-too-large", "The response is larger than the rule allows.", Retry.ChangeArguments,
        "add 'max-response SIZE' or 'max-content SIZE' to the rule");

    public static readonly Reason ProtocolSwitch = new(
        "http.protocol-switch", "The server switched to another protocol, which nobody asked for.");

    public static readonly Reason ResponseRatio = new(
        "http.decompression", "The response decompresses to far more than was sent, or cannot be decompressed.");

    public static readonly Reason ResponseType = new(
        "http.response-type", "The response has a media type that the rule does not list.", Retry.ChangeArguments,
        "add 'type MEDIA-TYPE' to the rule");

    public static readonly Reason TooManyEvents = new(
        "http.too-many-events", "The event stream is longer than the rule allows.", Retry.No,
        "add 'events COUNT' to the rule");

    public static readonly Reason TooSlow = new(
        "http.too-slow", "The server took longer than the rule allows.", Retry.Later,
        "add 'timeout DURATION' or 'idle DURATION' to the rule");

    public static readonly Reason Rate = new(
        "http.rate", "The rule's rate of requests is used up.", Retry.Later, "add 'rate COUNT/min' to the rule");

    private static readonly Reason[] Urls = MakeUrls();

    public static Reason Url(UrlProblem problem) => Urls[(int)problem];

    private static Reason[] MakeUrls()
    {
        var reasons = new Reason[Enum.GetValues<UrlProblem>().Length];
        foreach (var problem in Enum.GetValues<UrlProblem>())
        {
            reasons[(int)problem] = new Reason("http.url", Describe(problem), Retry.ChangeArguments);
        }

        return reasons;
    }

    private static string Describe(UrlProblem problem) => problem switch
    {
        UrlProblem.NotAbsolute => "The URL is not absolute.",
        UrlProblem.Scheme => "The URL is neither https nor http.",
        UrlProblem.TooLong => "The URL is too long.",
        UrlProblem.Control => "The URL holds control characters or bytes that cannot be sent.",
        UrlProblem.Backslash => "The URL holds a backslash.",
        UrlProblem.UserInfo => "The URL holds a user name or password.",
        UrlProblem.Authority => "The URL is not written as scheme://host/path.",
        UrlProblem.HostName => "The host of the URL is not a host name.",
        UrlProblem.NumericHost => "The host of the URL is a number that is not a plain address.",
        UrlProblem.Port => "The port of the URL is not between 1 and 65535.",
        UrlProblem.NotCanonical => "The URL has no single canonical form.",
        UrlProblem.Escape => "The URL holds a percent sign that begins no byte.",
        UrlProblem.Encoding => "The path of the URL does not decode to text.",
        UrlProblem.DotSegment => "The path of the URL holds dot segments after decoding.",
        UrlProblem.TooManyLayers => "The path of the URL is encoded too many times.",
        _ => "The URL has no canonical form.",
    };
}
