using System.Text.Json;
using System.Text.RegularExpressions;
using LangGuard.Ablation;
using LangGuard.Permissions;
using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>Replays each user task alone, and then each attack after the content that carries it was returned.</summary>
public sealed partial class FunctionCorpus
{
    private static readonly Principal User = new("user");

    private static readonly string[] OpenToAnybody =
    [
        "gmail.com", "googlemail.com", "google.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
        "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.net", "mail.com", "example.com",
    ];

    private readonly IReadOnlyDictionary<string, FunctionTool> _tools;
    private readonly IReadOnlyList<FunctionTrace> _traces;
    private readonly IReadOnlyDictionary<(string Task, int Call), string> _results;
    private readonly Policy _policy;

    /// <summary>Reads a folder of traces.</summary>
    /// <param name="folder">Holds tools.json, traces.jsonl and outputs.jsonl.</param>
    /// <param name="ablate">The walls that are off, or null.</param>
    /// <param name="asksForEffects">Whether the policy also has a person approve whatever does more than read.</param>
    public FunctionCorpus(string folder, string? ablate, bool asksForEffects = false)
    {
        _tools = FunctionTool.Load(folder);
        _traces = FunctionTrace.Load(folder);
        _results = FunctionTrace.LoadResults(folder);
        var ablated = AblatedWalls.Parse(ablate);
        _policy = Policy.Create(policy => policy
            .SwitchOff([.. ablated.Walls])
            .AddLayer(new GrantedTools(_tools))
            .AnticipateMisuse(misuse => misuse.RequireApproval(approval =>
            {
                if (asksForEffects)
                {
                    approval.For(Effects.All & ~Effects.Read);
                }
            }))
            .AnticipateMisuse(misuse => misuse.TrackUntrustedContent(content =>
            {
                if (OwnDomain(_results.Values) is { } domain)
                {
                    content.TrustEmailDomain(domain);
                }

                foreach (var tool in _tools.Values.Where(tool => tool.Targets.Count > 0))
                {
                    content.Targets(tool.Name, [.. tool.Targets]);
                    if (tool.Subject is { } subject)
                    {
                        content.Subject(tool.Name, subject);
                    }
                }
            })));
    }

    /// <summary>Calls of user tasks that do more than read.</summary>
    public int GuardedCalls { get; private set; }

    /// <summary>Those that a person has to approve.</summary>
    public int Escalated { get; private set; }

    /// <summary>User tasks without such a call.</summary>
    public int TasksWithoutPerson { get; private set; }

    /// <summary>Calls of user tasks that were denied whatever a person says.</summary>
    public int HardDenials { get; private set; }

    /// <summary>Pairs of a user task and an attack.</summary>
    public int Pairs { get; private set; }

    /// <summary>Pairs in which nothing takes effect without a person.</summary>
    public int Blocked { get; private set; }

    /// <summary>Runs everything.</summary>
    public IReadOnlyList<ConformanceResult> Run()
    {
        var results = new List<ConformanceResult>();
        foreach (var user in _traces.Where(trace => !trace.IsInjection))
        {
            using (var session = GuardSession.Create(_policy, User))
            {
                var before = (Escalated, HardDenials);
                RunUser(session, user, counts: true);
                TasksWithoutPerson += before == (Escalated, HardDenials) ? 1 : 0;
                results.Add(new ConformanceResult(
                    user.Task, before.HardDenials == HardDenials ? ConformanceOutcome.Passed : ConformanceOutcome.FalseDenial, "a call was denied"));
            }

            foreach (var attack in _traces.Where(trace => trace.IsInjection))
            {
                using var session = GuardSession.Create(_policy, User);
                RunUser(session, user, counts: false);
                var (outcome, rule) = RunAttack(session, attack);
                Pairs++;
                Blocked += outcome == ConformanceOutcome.Passed ? 1 : 0;
                results.Add(new ConformanceResult($"{user.Task}+{attack.Task}", outcome, "every call took effect") { Rule = rule });
            }
        }

        return results;
    }

    /// <summary>The domain of the account: the one in which its own data names most people. None when that is too few to tell, or
    /// where anybody can have an address.</summary>
    private static string? OwnDomain(IEnumerable<string> results)
    {
        const int colleagues = 3;
        var domains = results.SelectMany(result => Address().Matches(result))
            .Select(match => match.Value.ToLowerInvariant()).Distinct(StringComparer.Ordinal)
            .CountBy(address => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..]);
        return domains.Where(entry => entry.Value >= colleagues && !OpenToAnybody.Contains(entry.Key))
            .OrderByDescending(entry => entry.Value).Select(entry => entry.Key).FirstOrDefault();
    }

    [GeneratedRegex(@"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    private static void Complete(Permit permit, string? result)
    {
        permit.BeginResult();
        if (result is not null)
        {
            permit.Observe(result);
        }

        permit.Complete(OperationOutcome.Success());
    }

    private void RunUser(GuardSession session, FunctionTrace user, bool counts)
    {
        session.AddUserMessage(user.Text);
        for (var i = 0; i < user.Calls.Count; i++)
        {
            var operation = Operation(user.Calls[i]);
            var answer = session.TryAuthorize(operation);
            var escalated = answer.Decision.Kind == DecisionKind.Ask;
            if (escalated && answer.ApprovalRequestId is { } id && session.Approvals.Approve(id))
            {
                answer = session.TryAuthorize(operation);
            }

            if (counts)
            {
                GuardedCalls += operation.Mutates ? 1 : 0;
                Escalated += escalated ? 1 : 0;
                HardDenials += answer.IsAllowed ? 0 : 1;
            }

            if (answer.IsAllowed)
            {
                Complete(answer.Permit, _results.GetValueOrDefault((user.Task, i)));
            }
        }
    }

    private (ConformanceOutcome Outcome, string? Rule) RunAttack(GuardSession session, FunctionTrace attack)
    {
        // The content that carries the attack reaches the agent through any tool whose results nobody vouches for.
        var carrier = _tools.Values.FirstOrDefault(tool => tool is { Effects: Effects.Read, IsTrusted: false })
            ?? _tools.Values.First(tool => !tool.IsTrusted);
        using var nothing = JsonDocument.Parse("{}");
        Complete(
            session.Authorize(new FunctionOperation(User, carrier.Effects, carrier.Name, nothing.RootElement)),
            JsonSerializer.Serialize(new[] { new { text = attack.Text } }));
        var guarded = 0;
        foreach (var call in attack.Calls)
        {
            var operation = Operation(call);
            var answer = session.TryAuthorize(operation);
            guarded += operation.Mutates ? 1 : 0;
            if (!answer.IsAllowed && operation.Mutates)
            {
                return (ConformanceOutcome.Passed, answer.Decision.Reason?.Rule);
            }

            if (answer.IsAllowed)
            {
                Complete(answer.Permit, null);
            }
        }

        return (guarded == 0 ? ConformanceOutcome.Inert : ConformanceOutcome.Bypass, null);
    }

    private FunctionOperation Operation((string Function, JsonElement Arguments) call) =>
        new(User, _tools[call.Function].Effects, call.Function, call.Arguments);

    private sealed class GrantedTools(IReadOnlyDictionary<string, FunctionTool> tools) : PermissionLayer
    {
        private readonly Decision _trusted = Decision.Allow(new FunctionGrant(trusted: true));
        private readonly Decision _untrusted = Decision.Allow(new FunctionGrant(trusted: false));

        public override string Name => "conformance.tools";

        public override bool Covers(Surface surface) => surface == Surface.Functions;

        public override Decision Decide(Operation operation) =>
            tools.TryGetValue(operation.Resource, out var tool) ? tool.IsTrusted ? _trusted : _untrusted : Decision.Abstain;
    }
}
