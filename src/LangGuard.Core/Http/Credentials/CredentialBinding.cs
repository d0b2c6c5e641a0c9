using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>One credential of a policy: where it may go, in which slot, and under which keys the broker knows it.</summary>
internal sealed class CredentialBinding
{
    // What servers commonly take for a credential. None of them may come from the agent where the guard attaches one.
    private static readonly string[] Slots =
    [
        "Authorization", "Cookie", "X-Authorization", "X-Api-Key", "Api-Key", "ApiKey", "X-Auth-Token", "X-Access-Token",
        "Access-Token", "Private-Token", "X-Api-Token", "X-Amz-Security-Token", "X-Goog-Api-Key", "Ocp-Apim-Subscription-Key",
    ];

    public required string Name { get; init; }

    public required CredentialKind Kind { get; init; }

    /// <summary>Header, query key or user name.</summary>
    public required string? Slot { get; init; }

    public required string? ReadKey { get; init; }

    public required string? WriteKey { get; init; }

    public required string Url { get; init; }

    /// <summary>The URL, compiled as a rule; its verbs are not used.</summary>
    public required HttpRule Scope { get; init; }

    /// <summary>The key of the secret for a method, or null.</summary>
    public string? KeyFor(HttpVerbs verb) => (verb & HttpVerbs.Read) != 0 ? ReadKey : WriteKey;

    /// <summary>Whether the secret may go where a request goes.</summary>
    public bool Covers(HttpOperation operation) =>
        IsSameOrigin(operation) && HttpRuleMatch.MatchesPath(Scope.Path, operation);

    public bool IsSameOrigin(HttpOperation operation) =>
        HttpRuleMatch.IsSameOrigin(Scope, operation)
        && string.Equals(Scope.Host.Exact, operation.Host, StringComparison.Ordinal);

    /// <summary>Null when a request that this credential is attached to leaves its slot free.</summary>
    public Reason? Check(HttpOperation operation)
    {
        if (!Covers(operation) || KeyFor(operation.Verb) is null)
        {
            return CredentialReasons.Scope;
        }

        foreach (var (name, _) in operation.Headers)
        {
            // A part of a response could begin inside the echo of a secret, where nobody can tell it from text.
            if (name.Equals("Range", StringComparison.OrdinalIgnoreCase) || name.Equals("If-Range", StringComparison.OrdinalIgnoreCase))
            {
                return CredentialReasons.Range;
            }
        }

        return FillsSlot(operation) ? CredentialReasons.Slot : null;
    }

    /// <summary>Whether the agent sends something of its own where credentials go.</summary>
    public bool FillsSlot(HttpOperation operation)
    {
        foreach (var (name, _) in operation.Headers)
        {
            // Servers that build variables from names read '_' and '-' alike.
            var plain = name.Replace('_', '-');
            if (Array.Exists(Slots, slot => slot.Equals(plain, StringComparison.OrdinalIgnoreCase))
                || (Kind == CredentialKind.Header && plain.Equals(Slot!.Replace('_', '-'), StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return !operation.Query.IsEmpty && FillsQuery(operation.Query);
    }

    /// <summary>Whether two policies mean the same credential by a name.</summary>
    public bool IsSameAs(CredentialBinding other) =>
        Kind == other.Kind
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && string.Equals(Slot, other.Slot, StringComparison.Ordinal)
        && string.Equals(ReadKey, other.ReadKey, StringComparison.Ordinal)
        && string.Equals(WriteKey, other.WriteKey, StringComparison.Ordinal)
        && string.Equals(Url, other.Url, StringComparison.Ordinal);

    private bool FillsQuery(ReadOnlySpan<char> query)
    {
        foreach (var range in query.SplitAny('&', ';'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var key = (equals < 0 ? pair : pair[..equals]).ToString();
            if (key.Contains('%', StringComparison.Ordinal) && !PercentEncoding.TryDecode(key, '/', out key, out _))
            {
                return true;
            }

            key = key.Trim('+', ' ').Replace('.', '_').Replace('-', '_');
            var bracket = key.IndexOf('[', StringComparison.Ordinal);
            key = bracket > 0 ? key[..bracket] : key;
            if (key.Equals("access_token", StringComparison.OrdinalIgnoreCase)
                || (Kind == CredentialKind.Query
                    && key.Equals(Slot!.Replace('.', '_').Replace('-', '_'), StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}
