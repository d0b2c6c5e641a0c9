using System.Collections.Concurrent;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>What a session tree has running and has sent, rule by rule.</summary>
internal sealed class HttpUsage
{
    private readonly ConcurrentDictionary<string, RuleUsage> _rules = new(StringComparer.Ordinal);

    public RuleUsage? For(HttpGrant grant) =>
        grant.Limits.Rate == 0 && grant.Limits.MaxConcurrency == 0
            ? null
            : _rules.GetOrAdd(grant.Rule, static (_, limits) => new RuleUsage(limits), grant.Limits);
}
