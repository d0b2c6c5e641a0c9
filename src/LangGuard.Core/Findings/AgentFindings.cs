using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard.Findings;

/// <summary>Findings about an agent as a whole.</summary>
internal static class AgentFindings
{
    internal static IEnumerable<Finding> Of(PolicyOptions options, bool hasApprover, bool hasAudit)
    {
        var misuse = options.AnticipateMisuse;
        var allowed = options.LimitPermissions;
        if ((misuse.RequireApproval.Effects != Effects.None || misuse.RequireApproval.Functions.Count > 0) && !hasApprover)
        {
            yield return new("approval.nobody-to-ask", FindingSeverity.Warning, "AnticipateMisuse:RequireApproval",
                "Operations ask, and there is no approver: they are denied.", "Register an IApprover, or use RequireApproval(a => a.By(...)).");
        }

        if (misuse.TrackUntrustedContent.Unguarded)
        {
            yield return new("misuse.untrusted-content-off", FindingSeverity.Error, "AnticipateMisuse:TrackUntrustedContent",
                "Content that nobody vouches for can steer what is sent and destroyed.", "Leave the layer on.");
        }

        if (misuse.KeepSecrets.Unguarded)
        {
            yield return new("misuse.secrets-off", FindingSeverity.Error, "AnticipateMisuse:KeepSecrets",
                "What is sent is not searched for secrets.", "Leave the layer on.");
        }

        if (misuse.UnguardedReportOnly != MisuseKinds.None)
        {
            yield return new("misuse.report-only", FindingSeverity.Warning, "AnticipateMisuse:UnguardedReportOnly",
                $"These layers report what they would have denied, and deny nothing: {misuse.UnguardedReportOnly}.",
                "Read what they report, then enforce them.");
        }

        if (misuse.LimitUsage.Session.Calls is null or > 1_000_000)
        {
            yield return new("misuse.no-call-quota", FindingSeverity.Warning, "AnticipateMisuse:LimitUsage:Session:Calls",
                "A session can call without end.", "Set a quota.");
        }

        var reads = allowed.Files.Values.Any(root => root.Rules.Values.Any(rule => (rule.Allow & FilePermissions.Read) != 0))
            || allowed.Database.Count > 0;
        var functions = allowed.Functions.Values;
        var untrusted = allowed.Http.Count > 0 || functions.Any(function => !function.Trusted && Does(function, Effects.Read));
        var sends = allowed.Http.Values.Any(rule => MaySend(rule.Rule)) || functions.Any(function => Does(function, Effects.Send));
        if (reads && untrusted && sends)
        {
            yield return new("agent.trifecta",
                misuse.TrackUntrustedContent.Unguarded ? FindingSeverity.Error : FindingSeverity.Note, "LimitPermissions",
                "The agent reads private data, meets untrusted content and can send: each alone is fine, together they leak.",
                "Split it into two agents, or take one of the three away. The rule for untrusted content is what stands between.");
        }

        if (!hasAudit && (allowed.Files.Count + allowed.Http.Count + allowed.Database.Count + allowed.Functions.Count) > 0)
        {
            yield return new("audit.none", FindingSeverity.Note, "DefendInDepth:Audit",
                "Nothing records what the agent does.", "Use DefendInDepth(defense => defense.Audit(...)).");
        }
    }

    private static bool Does(FunctionOptions function, Effects effect) => ((function.Effects ?? Effects.All) & effect) != 0;

    private static bool MaySend(string? rule)
    {
        try
        {
            var parsed = HttpRuleParser.Parse("rule", rule ?? string.Empty, null);
            return !parsed.IsDeny && ((parsed.Verbs & (HttpVerbs.Post | HttpVerbs.Put | HttpVerbs.Patch)) != 0 || parsed.Query.IsAny
                || parsed.Query.Keys.Values.Any(slot => slot.IsFree)
                || parsed.Path.Segments.Any(segment => segment.IsAnyNumber || segment.Slot is { IsFree: true }));
        }
        catch (HttpRuleSyntaxException)
        {
            return false;
        }
    }
}
