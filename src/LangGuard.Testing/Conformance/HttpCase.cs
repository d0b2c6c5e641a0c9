using System.Text.Json;

namespace LangGuard.Testing.Conformance;

/// <summary>One line of an HTTP corpus.</summary>
internal sealed record HttpCase
{
    private const string PrivateNetworks = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.0/8,::1/128,fc00::/7";

    private HttpCase(JsonElement line)
    {
        Id = line.GetProperty("id").GetString()!;
        IsAllowed = line.GetProperty("expect").GetString() == "allow";
        Technique = line.TryGetProperty("reason", out var reason) ? reason.GetString()! : string.Empty;
        var request = line.GetProperty("request");
        Method = request.GetProperty("method").GetString()!;
        Url = request.GetProperty("url").GetString()!;
        Body = request.TryGetProperty("body", out var body) ? body.GetString() : null;
        Headers = request.TryGetProperty("headers", out var headers)
            ? [.. headers.EnumerateObject().Select(header => (header.Name, header.Value.GetString()!))]
            : [];
        Redirects = line.TryGetProperty("redirects", out var redirects)
            ? [.. redirects.EnumerateArray().Select(value => value.GetString()!)]
            : [];
        Dns = line.TryGetProperty("dns", out var dns)
            ? dns.EnumerateObject().ToDictionary(
                name => name.Name,
                name => name.Value.EnumerateArray().Select(value => value.GetString()!).ToArray(),
                StringComparer.Ordinal)
            : [];
        var policy = line.GetProperty("policy");
        var isPrivate = policy.TryGetProperty("allow_private", out var allowed) && allowed.GetBoolean();
        NeedsPrivate = isPrivate;
        Rules = [.. policy.GetProperty("allow").EnumerateArray().SelectMany(entry => ToRules(entry, isPrivate))];
    }

    public string Id { get; }

    public bool IsAllowed { get; }

    /// <summary>What is tried.</summary>
    public string Technique { get; }

    public string Method { get; init; }

    public string Url { get; init; }

    public string? Body { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    public IReadOnlyList<string> Redirects { get; init; }

    public IReadOnlyDictionary<string, string[]> Dns { get; init; }

    /// <summary>Whether the policy of the corpus opens private networks.</summary>
    public bool NeedsPrivate { get; }

    /// <summary>The policy as rule texts.</summary>
    public IReadOnlyList<string> Rules { get; }

    public static HttpCase Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new HttpCase(document.RootElement);
    }

    public override string ToString() => Id;

    private static IEnumerable<string> ToRules(JsonElement entry, bool isPrivate)
    {
        var host = entry.GetProperty("host").GetString()!;
        var methods = string.Join(',', entry.GetProperty("methods").EnumerateArray().Select(value => value.GetString()));
        var origin = entry.GetProperty("scheme").GetString() + "://"
            + (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host)
            + (entry.TryGetProperty("port", out var port) ? $":{port.GetInt32()}" : string.Empty);
        var paths = entry.TryGetProperty("paths", out var list)
            ? list.EnumerateArray().Select(value => value.GetString()!)
            : ["/**"];
        var networks = isPrivate && host != "*" ? $" private {PrivateNetworks}" : string.Empty;

        // The corpus says nothing about query keys and headers: every one that no rule could forbid is granted.
        return paths.Select(path => $"{methods} {origin}{path} query * header *{networks}");
    }
}
