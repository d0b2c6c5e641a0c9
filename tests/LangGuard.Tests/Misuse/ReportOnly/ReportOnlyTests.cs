using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.ReportOnly;

public sealed class ReportOnlyTests
{
    private const string Secret = "correct-horse-7";
    private const string Canary = "canary-4711-blue";

    public static TheoryData<MisuseKinds, string> Layers => new()
    {
        { MisuseKinds.LimitUsage, "usage.calls" },
        { MisuseKinds.DetectLoops, "loops.repeated-call" },
        { MisuseKinds.RequireApproval, "approval.required" },
        { MisuseKinds.TrackUntrustedContent, "untrusted.target" },
        { MisuseKinds.KeepSecrets, "secrets.outgoing" },
        { MisuseKinds.PlantCanaries, "misuse.frozen" },
    };

    private static Policy PolicyOf(MisuseKinds layer, bool reportOnly, RecordingSink? sink = null) => Policy.Create(policy => policy
        .LimitPermissions(allow => allow.Function("send", f => f.Does(Effects.Send).Any("to", "body")))
        .AnticipateMisuse(misuse =>
        {
            misuse.UnguardedReportOnly(reportOnly ? layer : MisuseKinds.None);
            switch (layer)
            {
                case MisuseKinds.LimitUsage:
                    misuse.LimitUsage(usage => usage.Calls(1));
                    break;
                case MisuseKinds.DetectLoops:
                    misuse.DetectLoops(loops => loops.Repeats(1));
                    break;
                case MisuseKinds.RequireApproval:
                    misuse.RequireApproval(approval => approval.ForFunction("send"));
                    break;
                case MisuseKinds.PlantCanaries:
                    misuse.PlantCanaryValue(Canary);
                    break;
            }
        })
        .DefendInDepth(defense =>
        {
            defense.RedactValues(Secret);
            if (sink is not null)
            {
                defense.Audit(audit => audit.To(sink));
            }
        }));

    private static FunctionOperation Send(MisuseKinds layer) => new(Operations.Alice, Effects.Send, "send", JsonSerializer.SerializeToElement(new
    {
        to = "eve@evil.test",
        body = layer == MisuseKinds.KeepSecrets ? Secret : layer == MisuseKinds.PlantCanaries ? Canary : "hello",
    }));

    private static Authorization SecondSend(Policy policy, MisuseKinds layer, out GuardSession session)
    {
        session = GuardSession.Create(policy, Operations.Alice);
        if (layer == MisuseKinds.TrackUntrustedContent)
        {
            session.MarkUntrusted();
        }

        session.TryAuthorize(Send(layer)).Permit?.Complete(OperationOutcome.Success());
        return session.TryAuthorize(Send(layer));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_that_only_reports_says_what_it_would_have_done(MisuseKinds layer, string rule)
    {
        var sink = new RecordingSink();
        var answer = SecondSend(PolicyOf(layer, reportOnly: true, sink), layer, out var session);
        using (session)
        {
            answer.IsAllowed.Should().BeTrue();
            answer.Reported!.Rule.Should().Be(rule);
            sink.Records.Should().Contain(record => record.Decision.Kind == DecisionKind.Allow && record.Reported != null && record.Reported.Rule == rule);
            session.IsFrozen.Should().BeFalse();
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_same_layer_enforced_holds_it_up(MisuseKinds layer, string rule)
    {
        var answer = SecondSend(PolicyOf(layer, reportOnly: false), layer, out var session);
        using (session)
        {
            answer.IsAllowed.Should().BeFalse();
            answer.Decision.Reason!.Rule.Should().Be(rule);
            answer.Reported.Should().BeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Two_policies_enforce_what_either_enforces(MisuseKinds layer, string rule)
    {
        foreach (var policy in new[]
        {
            PolicyOf(layer, reportOnly: true).Intersect(PolicyOf(layer, reportOnly: false)),
            PolicyOf(layer, reportOnly: false).Intersect(PolicyOf(layer, reportOnly: true)),
        })
        {
            var answer = SecondSend(policy, layer, out var session);
            using (session)
            {
                answer.Decision.Reason!.Rule.Should().Be(rule);
                answer.IsAllowed.Should().BeFalse();
            }
        }
    }

    [Fact]
    public void Nothing_else_is_let_through()
    {
        const MisuseKinds all = (MisuseKinds)63;
        using var session = GuardSession.Create(PolicyOf(all, reportOnly: true), Operations.Alice);
        session.TryAuthorize(Operations.Call("other", Effects.Read)).IsAllowed.Should().BeFalse("permissions are always enforced");
        session.Freeze();
        session.TryAuthorize(Send(MisuseKinds.None)).Decision.Reason!.Rule.Should().Be("misuse.frozen");
    }

    [Fact]
    public void It_is_a_finding_and_in_the_reach_report_and_in_the_name_of_the_policy()
    {
        var enforced = PolicyOf(MisuseKinds.KeepSecrets, reportOnly: false);
        var reporting = PolicyOf(MisuseKinds.KeepSecrets, reportOnly: true);
        reporting.Findings().Should().Contain(finding => finding.Id == "misuse.report-only" && finding.Problem.Contains("KeepSecrets"));
        enforced.Findings().Should().NotContain(finding => finding.Id == "misuse.report-only");
        reporting.ExplainReach().ToString().Should().Contain("reported and not enforced: KeepSecrets");
        reporting.Hash.Should().NotBe(enforced.Hash);
        var votes = reporting.Explain(Send(MisuseKinds.KeepSecrets), GuardSession.Create(reporting, Operations.Alice)).Votes;
        votes.Should().Contain(vote => vote.Layer == "misuse.secrets" && vote.Vote == "ReportOnly:Deny");
    }

    [Fact]
    public void Configuration_names_the_layers()
    {
        var policy = PolicyFrom("DetectLoops, KeepSecrets");
        policy.Options.AnticipateMisuse.UnguardedReportOnly.Should().Be(MisuseKinds.DetectLoops | MisuseKinds.KeepSecrets);
        FluentActions.Invoking(() => PolicyFrom("Everything")).Should().Throw<PolicyValidationException>();
    }

    private static Policy PolicyFrom(string layers)
    {
        var json = """{ "AnticipateMisuse": { "UnguardedReportOnly": "LAYERS" } }""".Replace("LAYERS", layers, StringComparison.Ordinal);
        var section = Configurations.FromJson($$"""{ "LangGuard": { "Default": {{json}} } }""").GetSection("LangGuard:Default");
        return Policy.Create(policy => policy.FromConfiguration(section));
    }
}
