using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Where a request is on its way: the next hop, and what earlier hops have taken from it.</summary>
internal struct HopState
{
    private readonly WallsOff _off;
    private CanonicalUrl? _first;

    public HopState(HttpRequestMessage request, WallsOff off)
    {
        _off = off;
        Target = request.RequestUri;
        Verb = HttpVerbNames.Parse(request.Method.Method);
    }

    public Uri? Target { get; private set; }

    public HttpVerbs Verb { get; private set; }

    /// <summary>The hop that is being sent; null until it has a canonical form.</summary>
    public CanonicalUrl? Url { get; private set; }

    public RequestBody? Body { get; set; }

    public bool IsBodyDropped { get; private set; }

    public int Redirects { get; private set; }

    /// <summary>The request of the agent that the redirects began with.</summary>
    public HttpOperation? AskedFor { get; set; }

    /// <summary>Whether any hop went to another origin than the first.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Makes the message of the next hop, without its body. Null when it is refused.</summary>
    /// <param name="request">The caller's message.</param>
    /// <param name="recent">An origin that the hop may go to again.</param>
    /// <param name="refusal">Why it is refused.</param>
    public EgressRequest? Prepare(HttpRequestMessage request, HttpOrigin? recent, out Reason? refusal)
    {
        Url = UrlCanonicalizer.Create(Target, out var problem, recent);
        if (Url is null && _off.Has(Wall.UrlForm))
        {
            Url = UrlAsRead.Create(Target);
        }

        refusal = Url is null ? HttpReasons.Url(problem)
            : Verb == HttpVerbs.None ? HttpReasons.UnknownMethod
            : Redirects > RedirectTarget.MaxRedirects ? HttpReasons.TooManyRedirects
            : null;
        if (refusal is not null)
        {
            return null;
        }

        // For good: a server that was redirected to must not send the caller's headers back to a place of its choice.
        _first ??= Url;
        HasLeft |= !Url!.SameOrigin(_first!);
        var egress = new EgressRequest(HttpVerbNames.ToMethod(Verb), Url)
        {
            TakesAnyHeader = _off.Has(Wall.RequestHeaders),
        };
        refusal = RequestCopy.TryCopy(request, egress, !HasLeft);
        return refusal is null ? egress : null;
    }

    /// <summary>Leaves the URL out of what is recorded.</summary>
    public void Forget() => Url = null;

    /// <summary>Sets up the next hop; false when the response is the answer. A bad redirect is thrown as a denial.</summary>
    public bool TryFollow(HttpResponseMessage response, AttachedCredential? credential)
    {
        if (!RedirectTarget.TryRead(response, Url!, out var location, out var target, out var problem))
        {
            return false;
        }

        if (problem is null && credential is not null && credential.AppearsIn(location))
        {
            problem = HttpReasons.CredentialEcho;
        }

        if (problem is not null)
        {
            throw EgressDenial.Of(problem);
        }

        var next = RedirectTarget.NextVerb((int)response.StatusCode, Verb);
        IsBodyDropped |= next != Verb;
        if (!IsBodyDropped && Body is { IsComplete: false })
        {
            throw EgressDenial.Of(HttpReasons.RedirectBody);
        }

        Verb = next;
        Target = target;
        Redirects++;
        return true;
    }

    /// <summary>Shows the caller the last hop, as the platform's own redirects do.</summary>
    public readonly void Publish(HttpRequestMessage request, HttpResponseMessage response)
    {
        response.RequestMessage = request;
        if (Redirects > 0)
        {
            request.RequestUri = Url!.Uri;
            request.Method = HttpVerbNames.ToMethod(Verb);
            request.Content = IsBodyDropped ? null : request.Content;
        }
    }
}
