using System.Collections.Concurrent;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>What a session tree has running and has sent, rule by rule.</summary>
internal sealed class HttpUsage
{
    private readonly ConcurrentDictionary<string, RuleUsage> _rules = new(StringComparer.Ordinal);

    /// <summary>Counts a request and waits for a place, which the caller gives back by <see cref="RuleUsage.Leave"/>.</summary>
    public async Task<RuleUsage> EnterAsync(HttpGrant grant, TimeProvider time, CancellationToken cancellationToken)
    {
        var usage = _rules.GetOrAdd(grant.Rule, static (_, limits) => new RuleUsage(limits), grant.Limits);
        if (!usage.TryCount(time))
        {
            throw EgressDenial.Of(HttpReasons.Rate);
        }

        await usage.EnterAsync(cancellationToken).ConfigureAwait(false);
        return usage;
    }
}
