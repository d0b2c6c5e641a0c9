using System.Net;
using LangGuard.Ablation;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>The requests of somebody's policy, sent to a network of our own.</summary>
internal sealed class HttpUnderTest
{
    private static readonly Principal Tester = new("conformance");

    // What these refuse is the policy's own choice and no part of the rule that grants the endpoint.
    private static readonly string[] Choices =
        ["http.header", "http.response-type", "http.credential", "http.rate", "http.body-too-large"];

    private readonly Action<PolicyBuilder> _configure;
    private readonly Uri _url;
    private readonly bool _posts;

    // The judge: the policy with every wall standing.
    private readonly Policy _rules;

    public HttpUnderTest(Action<PolicyBuilder> configure, Uri url)
    {
        (_configure, _url) = (configure, url);
        _rules = PolicyUnderTest.Build(configure, static guard => guard.Collect<WallsOff>().Clear());
        if (Decide("GET", url) is { IsAllowed: false } denied)
        {
            throw new ArgumentException($"The policy does not grant GET {url}, which the attacks start from: {denied.Reason}", nameof(url));
        }

        _posts = Decide("POST", url).IsAllowed;
    }

    public Policy Build(HttpCase test, HttpWorld world) => PolicyUnderTest.Build(_configure, guard =>
    {
        var egress = guard.Collect<EgressOptions>();
        egress.Transport = world;
        egress.Resolver = world;
    });

    /// <summary>The same attack, or the same benign case, on the endpoint of the policy.</summary>
    public HttpCase Against(HttpCase test)
    {
        var folder = new Uri(_url, ".").GetLeftPart(UriPartial.Path);
        string Move(string text) => text
            .Replace("https://api.example.com/v1/public/", folder, StringComparison.Ordinal)
            .Replace("https://api.example.com/v1/users/", folder, StringComparison.Ordinal)
            .Replace("https://api.example.com/v1/x", _url.GetLeftPart(UriPartial.Path), StringComparison.Ordinal)
            .Replace("https://api.example.com/go", _url.GetLeftPart(UriPartial.Path), StringComparison.Ordinal)
            .Replace("https://svc.example.com/x", _url.GetLeftPart(UriPartial.Path), StringComparison.Ordinal)
            .Replace("https://api.example.com/", _url.GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal)
            .Replace("api.example.com", _url.IdnHost, StringComparison.Ordinal)
            .Replace("API.EXAMPLE.COM", _url.IdnHost.ToUpperInvariant(), StringComparison.Ordinal)
            .Replace("svc.example.com", _url.IdnHost, StringComparison.Ordinal);

        // A header attacks nothing on a request that is refused for its method.
        var isRead = !_posts && !test.IsAllowed && test.Method == "POST";
        return test with
        {
            Url = Move(test.Url),
            Redirects = [.. test.Redirects.Select(Move)],
            Dns = test.Dns.ToDictionary(name => Move(name.Key), name => name.Value, StringComparer.Ordinal),
            Method = isRead ? "GET" : test.Method,
            Body = isRead ? null : test.Body,
        };
    }

    /// <summary>Why a benign case says nothing about the policy; null when it does.</summary>
    public string? WhyNot(HttpCase test)
    {
        if (test.NeedsPrivate)
        {
            return "not granted: http.private-address";
        }

        var at = Uri.TryCreate(test.Url, UriKind.Absolute, out var url) ? url : null;
        foreach (var next in test.Redirects.Prepend(string.Empty))
        {
            at = next.Length == 0 || at is null ? at : new Uri(at, next);
            if (at is null || Decide(test.Method, at) is { IsAllowed: false })
            {
                return "not granted: http.endpoint";
            }
        }

        return null;
    }

    /// <summary>Whether a benign case was refused by what the policy chose beyond the endpoint.</summary>
    public static bool IsChoice(Decision denial) =>
        denial.Kind == DecisionKind.Ask || denial.Reason is not { Rule: { } rule }
        || !rule.StartsWith("http.", StringComparison.Ordinal) || Choices.Contains(rule);

    /// <summary>Why an attack that arrived is none on this policy: whatever the server makes of it, the policy grants.</summary>
    public string? Granted(HttpCase test, HttpArrival arrival, IPAddress? address)
    {
        // No rule can grant the headers of an attack.
        if (test.Headers.Count > 0 || address is null || arrival.Careless() is not { } read)
        {
            return null;
        }

        var decision = Decide(read.Method, read.Url);
        return decision.IsAllowed
            && (AddressClassifier.Classify(address) == AddressKind.Public
                || decision.Grant is HttpGrant grant && PrivateNetworks.Opens(grant.PrivateNetworks, address))
            ? $"granted: {read.Method} {read.Url}"
            : null;
    }

    private Decision Decide(string method, Uri url)
    {
        using var session = GuardSession.Create(_rules, Tester);
        return _rules.Decide(new HttpOperation(Tester, Effects.Read, method, url), session);
    }
}
