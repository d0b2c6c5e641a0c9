using System.Text.Json;

namespace LangGuard.Testing.Conformance;

/// <summary>One line of an HTTP corpus.</summary>
internal sealed record HttpCase
{
    private const string PrivateNetworks = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.0/8,::1/128,fc00::/7";

    private HttpCase(JsonElement line)
    {
        Id = CaseText.Of(line, "id")!;
        IsAllowed = CaseText.Of(line, "expect") == "allow";
        Technique = CaseText.Of(line, "reason") ?? string.Empty;
        var request = line.GetProperty("request");
        Method = CaseText.Of(request, "method")!;
        Url = CaseText.Of(request, "url")!;
        Body = CaseText.Of(request, "body");
        Headers = [.. CaseText.Object(request, "headers").SelectMany(ToHeaders)];
        Redirects = [.. CaseText.List(line, "redirects").Select(value => CaseText.Of(value)!)];
        Dns = CaseText.Object(line, "dns").ToDictionary(
            name => name.Name,
            name => name.Value.EnumerateArray().Select(value => CaseText.Of(value)!).ToArray(),
            StringComparer.Ordinal);
        var policy = line.GetProperty("policy");
        var isPrivate = CaseText.IsTrue(policy, "allow_private");
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

    /// <summary>A header with a list of values is sent several times.</summary>
    private static IEnumerable<(string Name, string Value)> ToHeaders(JsonProperty header) => header.Value.ValueKind == JsonValueKind.Array
        ? header.Value.EnumerateArray().Select(value => (header.Name, CaseText.Of(value) ?? string.Empty))
        : [(header.Name, CaseText.Of(header.Value) ?? string.Empty)];

    private static IEnumerable<string> ToRules(JsonElement entry, bool isPrivate)
    {
        var host = entry.GetProperty("host").GetString()!;
        var methods = string.Join(',', entry.GetProperty("methods").EnumerateArray().Select(value => value.GetString()));
        var origin = entry.GetProperty("scheme").GetString() + "://"
            + (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host)
            + (CaseText.Of(entry, "port") is { } port ? $":{port}" : string.Empty);
        var paths = CaseText.Has(entry, "paths") ? CaseText.List(entry, "paths").Select(value => CaseText.Of(value)!) : ["/**"];
        var networks = isPrivate && host != "*" ? $" private {PrivateNetworks}" : string.Empty;

        // The corpus says nothing about query keys and headers: every one that no rule could forbid is granted.
        return paths.Select(path => $"{methods} {origin}{path} query * header *{networks}");
    }
}
