using System.Collections.Frozen;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>The rules of one host pattern.</summary>
internal sealed class HttpHostRules
{
    private readonly OrdinalIndex<HttpRule[]> _allowByLeading;
    private readonly FrozenDictionary<string, HttpRule[]>.AlternateLookup<ReadOnlySpan<char>> _denyByLeading;
    private readonly HttpRule[] _allowAnywhere;
    private readonly HttpRule[] _denyAnywhere;
    private readonly bool _hasDeny;

    public HttpHostRules(IReadOnlyList<HttpRule> rules)
    {
        var allow = rules.Where(rule => !rule.IsDeny).OrderByDescending(rule => rule.Specificity).ToList();
        var deny = rules.Where(rule => rule.IsDeny).ToList();
        _hasDeny = deny.Count > 0;
        _allowByLeading = new OrdinalIndex<HttpRule[]>(Group(allow, StringComparer.Ordinal));
        _denyByLeading = Group(deny, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _allowAnywhere = [.. allow.Where(rule => rule.Path.Leading is null)];
        _denyAnywhere = [.. deny.Where(rule => rule.Path.Leading is null)];
    }

    /// <summary>False when a deny rule covers the request; then nothing else matters.</summary>
    public bool TryFind(HttpOperation operation, ref HttpRule? found, ref HttpMiss miss, ref Reason? bodyReason)
    {
        if (_hasDeny && IsDenied(operation))
        {
            miss = HttpMiss.DeniedEndpoint;
            return false;
        }

        if (found is null)
        {
            // Every reading of the path must match one and the same rule, so the first reading is enough to find it.
            if (_allowByLeading.Find(PathTemplate.LeadingOf(operation.FirstPath)) is { } leading)
            {
                found = First(leading, operation, ref miss, ref bodyReason);
            }

            found ??= First(_allowAnywhere, operation, ref miss, ref bodyReason);
        }

        return true;
    }

    private static IEnumerable<KeyValuePair<string, HttpRule[]>> Group(List<HttpRule> rules, StringComparer comparer) =>
        rules.Where(rule => rule.Path.Leading is not null)
            .GroupBy(rule => rule.Path.Leading!, comparer)
            .Select(group => KeyValuePair.Create(group.Key, group.ToArray()));

    private static HttpRule? First(HttpRule[] rules, HttpOperation operation, ref HttpMiss miss, ref Reason? bodyReason)
    {
        foreach (var rule in rules)
        {
            var missed = HttpRuleMatch.Check(rule, operation, out var reason);
            if (missed is null)
            {
                return rule;
            }

            if (missed.Value > miss)
            {
                miss = missed.Value;
                bodyReason = reason;
            }
        }

        return null;
    }

    /// <summary>Whether a deny rule covers the request, in any reading of its path.</summary>
    public bool IsDenied(HttpOperation operation)
    {
        if (IsDenied(operation, operation.Path))
        {
            return true;
        }

        foreach (var reading in operation.PathReadings)
        {
            if (IsDenied(operation, reading))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsDenied(HttpOperation operation, ReadOnlySpan<char> path) =>
        (_denyByLeading.TryGetValue(PathTemplate.LooseLeadingOf(path), out var rules) && IsDenied(rules, operation, path))
        || IsDenied(_denyAnywhere, operation, path);

    private static bool IsDenied(HttpRule[] rules, HttpOperation operation, ReadOnlySpan<char> path)
    {
        foreach (var rule in rules)
        {
            if ((rule.Verbs & operation.Verb) != 0 && HttpRuleMatch.IsSameOrigin(rule, operation)
                && rule.Path.MatchesLoosely(path))
            {
                return true;
            }
        }

        return false;
    }
}
