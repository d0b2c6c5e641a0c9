using System.Globalization;
using System.Text;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>One HTTP request, one hop. What it holds is what goes on the wire.</summary>
public sealed class HttpOperation : Operation
{
    private static readonly Uri Nowhere = new("about:blank");

    private readonly CanonicalUrl? _url;
    private readonly EgressRequest? _request;

    /// <summary>Creates an HTTP operation without headers and body, for explaining a policy.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What the request does.</param>
    /// <param name="method">The method.</param>
    /// <param name="url">The URL. One that has no canonical form is denied.</param>
    public HttpOperation(Principal principal, Effects effects, string method, Uri url)
        : base(Surface.Http, effects, principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(method);
        ArgumentNullException.ThrowIfNull(url);
        Verb = HttpVerbNames.Parse(method);
        Method = Verb == HttpVerbs.None ? method : HttpVerbNames.ToMethod(Verb).Method;
        _url = UrlCanonicalizer.Create(url, out var problem);
        Problem = _url is null ? HttpReasons.Url(problem)
            : Verb == HttpVerbs.None ? HttpReasons.UnknownMethod
            : null;
    }

    /// <summary>A request as it will be sent. <paramref name="request"/> belongs to the guard and changes no more.</summary>
    internal HttpOperation(
        Principal principal, HttpVerbs verb, CanonicalUrl url, EgressRequest request, RequestBody? body)
        : base(Surface.Http, HttpVerbNames.ToEffects(verb), principal)
    {
        _url = url;
        _request = request.HasNoHeaders ? null : request;
        Verb = verb;
        Method = HttpVerbNames.ToMethod(verb).Method;
        RequestBody = body;
    }

    /// <summary>A request that is refused whatever the rules say; raised so that it is counted and recorded.</summary>
    internal HttpOperation(Principal principal, string method, CanonicalUrl? url, Reason problem)
        : base(Surface.Http, Effects.Read | Effects.Send, principal)
    {
        _url = url;
        Method = HttpVerbNames.Parse(method) is var verb and not HttpVerbs.None
            ? HttpVerbNames.ToMethod(verb).Method
            : "unknown method";
        Problem = problem;
    }

    /// <summary>The upper-case method.</summary>
    public string Method { get; }

    /// <summary>The canonical URL that goes on the wire; <c>about:blank</c> when the URL has no canonical form, which no rule
    /// can allow.</summary>
    public Uri Url => _url?.Uri ?? Nowhere;

    /// <inheritdoc />
    public override string Resource => _url is null
        ? $"{Method} (a URL without canonical form)"
        : $"{Method} {_url.Scheme}://{_url.Authority}{Path}";

    /// <inheritdoc />
    public override string CanonicalEffect
    {
        get
        {
            var effect = new StringBuilder().Append(Surface).Append(' ').Append(Effects).Append(' ').Append(Resource);
            if (!Query.IsEmpty)
            {
                effect.Append('?').Append(Query);
            }

            foreach (var (name, values) in Headers)
            {
                effect.Append('\n').Append(name).Append(": ").AppendJoin(", ", values);
            }

            return RequestBody is null
                ? effect.ToString()
                : effect.Append(CultureInfo.InvariantCulture, $"\nbody {RequestBody.Describe()}").ToString();
        }
    }

    /// <summary>Why the request is refused whatever the rules say, or null.</summary>
    internal Reason? Problem { get; }

    internal HttpVerbs Verb { get; }

    internal bool IsHttps => _url is { IsHttps: true };

    internal string Host => _url?.Host ?? string.Empty;

    internal int Port => _url?.Port ?? 0;

    /// <summary>The path as sent.</summary>
    internal ReadOnlySpan<char> Path => _url is null ? default : _url.Path;

    /// <summary>What servers may read the path as, when that is more than one thing; otherwise empty.</summary>
    internal ReadOnlySpan<string> PathReadings => _url?.Layers;

    /// <summary>The reading by which rules are looked up.</summary>
    internal ReadOnlySpan<char> FirstPath => _url?.Layers is { Length: > 0 } layers ? layers[0] : Path;

    /// <summary>Path and query as sent.</summary>
    internal ReadOnlySpan<char> PathAndQuery => _url is null ? default : _url.Target;

    internal ReadOnlySpan<char> Query => _url is null ? default : _url.Query;

    internal bool HasBody => RequestBody is not null;

    internal RequestBody? RequestBody { get; }

    /// <summary>The body, as far as the guard holds it: all of it when <see cref="IsBodyComplete"/>.</summary>
    internal ReadOnlyMemory<byte> Body => RequestBody?.Bytes ?? default;

    internal bool IsBodyComplete => RequestBody?.IsComplete ?? true;

    internal string? BodyMediaType => RequestBody?.MediaType;

    /// <summary>The headers of request and content, as they will be sent.</summary>
    internal SentHeaders Headers => new(_request);

    /// <summary>The request of the agent that a server answered with a redirect to this one; null when the agent asked for this one.</summary>
    internal HttpOperation? AskedFor { get; init; }

    internal override int OutgoingMark { get; set; }

    /// <summary>The rule that last granted it, so that nobody searches twice.</summary>
    internal HttpRule? GrantedBy { get; set; }

    /// <summary>Scheme, host and port.</summary>
    internal string Origin => _url?.Origin.ToString() ?? string.Empty;

    internal override string Source => _url is null ? Resource : $"{Origin}{Path}";

    internal override string StoredAs => _url is null ? Resource : Origin;

    internal override long KnownBytesOut => Body.Length;

    internal override void AddTo(ref OperationHash hash)
    {
        hash.Add((int)Verb);
        hash.Add(Method);
        if (_url is not null)
        {
            hash.Add(_url.Host);
            hash.Add(_url.Port);
            hash.Add(_url.Target);
        }

        hash.Add(Body.Span);
    }

    /// <summary>Whether this is the very URL that was decided on.</summary>
    internal bool IsAbout(CanonicalUrl url) => ReferenceEquals(_url, url);

    internal bool HeadersAccepted(HeaderRule rule)
    {
        if (_request is null)
        {
            return true;
        }

        foreach (var header in _request.Headers.NonValidated)
        {
            if (!rule.Accepts(header.Key))
            {
                return false;
            }
        }

        if (_request.Content is not null)
        {
            foreach (var header in _request.Content.Headers.NonValidated)
            {
                if (!rule.Accepts(header.Key))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
