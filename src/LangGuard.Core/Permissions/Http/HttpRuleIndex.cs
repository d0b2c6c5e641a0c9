namespace LangGuard.Permissions;

/// <summary>
/// Finds the rules for a host, so that ten thousand rules cost the same as one. Within a host, rules are found by their
/// leading path segment; the most specific come first.
/// </summary>
internal sealed class HttpRuleIndex
{
    private readonly OrdinalIndex<HttpHostRules> _exact;
    private readonly OrdinalIndex<HttpHostRules> _suffixes;
    private readonly HttpHostRules? _any;
    private readonly bool _hasDeny;

    public HttpRuleIndex(IReadOnlyList<HttpRule> rules)
    {
        Rules = rules;
        foreach (var rule in rules)
        {
            rule.Index = this;
            rule.Grant.Rules = [rule];
        }

        _exact = Group(rules.Where(rule => rule.Host.Exact is not null), rule => rule.Host.Exact!);
        _suffixes = Group(rules.Where(rule => rule.Host.Suffix is not null), rule => rule.Host.Suffix!);
        var any = rules.Where(rule => rule.Host.IsAny).ToList();
        _any = any.Count == 0 ? null : new HttpHostRules(any);
        _hasDeny = rules.Any(rule => rule.IsDeny);
    }

    public IReadOnlyList<HttpRule> Rules { get; }

    /// <summary>The rule that grants the operation, or the reason why none does.</summary>
    public HttpRule? Find(HttpOperation operation, out HttpMiss miss, out Reason? bodyReason)
    {
        miss = HttpMiss.Endpoint;
        bodyReason = null;
        HttpRule? found = null;
        var host = operation.Host;
        if (_exact.Find(host) is { } exact
            && !exact.TryFind(operation, ref found, ref miss, ref bodyReason))
        {
            return null;
        }

        if (_suffixes.Count > 0 && host[0] != '[')
        {
            var rest = host.AsSpan();
            for (var dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
            {
                rest = rest[(dot + 1)..];
                if (_suffixes.Find(rest) is { } below
                    && !below.TryFind(operation, ref found, ref miss, ref bodyReason))
                {
                    return null;
                }
            }
        }

        return _any is not null && !_any.TryFind(operation, ref found, ref miss, ref bodyReason) ? null : found;
    }

    /// <summary>The same for an operation that may have been decided on already, without a second search.</summary>
    public HttpRule? FindAgain(HttpOperation operation) =>
        operation.GrantedBy is { } rule && ReferenceEquals(rule.Index, this) ? rule : Find(operation, out _, out _);

    /// <summary>Whether a rule covers the very request that is about to leave, and none denies it. Asked at the wire, apart from
    /// the decision; headers and body have been decided on and are not read again.</summary>
    public static bool StillGrants(HttpRule rule, HttpOperation operation) =>
        !rule.IsDeny && rule.Host.Covers(operation.Host) && HttpRuleMatch.IsReached(rule, operation)
        && rule.Index is { } index && !index.Denies(operation);

    private bool Denies(HttpOperation operation)
    {
        if (!_hasDeny)
        {
            return false;
        }

        var host = operation.Host;
        if (_any is { } any && any.IsDenied(operation))
        {
            return true;
        }

        for (var rest = host.AsSpan(); rest.Length > 0; rest = AfterDot(rest))
        {
            if ((rest.Length == host.Length ? _exact : _suffixes).Find(rest) is { } rules && rules.IsDenied(operation))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> AfterDot(ReadOnlySpan<char> name) =>
        name[0] != '[' && name.IndexOf('.') is >= 0 and var dot ? name[(dot + 1)..] : default;

    private static OrdinalIndex<HttpHostRules> Group(IEnumerable<HttpRule> rules, Func<HttpRule, string> key) => new(
        rules.GroupBy(key, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, new HttpHostRules([.. group]))));
}
