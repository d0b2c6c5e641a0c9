using LangGuard.Misuse;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.Freeze;

public sealed class FreezeTests
{
    private static Policy PolicyOf(FreezeSwitch? freezeSwitch = null) => Policy.Create(policy =>
    {
        policy.AddLayer(TestLayer.AllowAll());
        if (freezeSwitch is not null)
        {
            policy.AnticipateMisuse(misuse => misuse.FreezeWith(freezeSwitch));
        }
    });

    private static string? RuleOf(GuardSession session, Effects effects) =>
        session.TryAuthorize(Operations.Call("f", effects)).Decision.Reason?.Rule;

    [Theory]
    [InlineData(Effects.Write)]
    [InlineData(Effects.Delete)]
    [InlineData(Effects.Send)]
    [InlineData(Effects.Pay)]
    [InlineData(Effects.Execute)]
    [InlineData(Effects.Privilege)]
    [InlineData(Effects.Read | Effects.Write)]
    public void A_frozen_session_and_its_children_change_nothing(Effects effects)
    {
        using var session = GuardSession.Create(PolicyOf(), Operations.Alice);
        using var child = session.CreateChild(PolicyOf());
        child.Freeze();
        RuleOf(session, effects).Should().Be("misuse.frozen");
        RuleOf(child, effects).Should().Be("misuse.frozen");
        RuleOf(session, Effects.Read).Should().BeNull();
        session.Unfreeze();
        RuleOf(session, effects).Should().BeNull();
    }

    [Fact]
    public void A_frozen_agent_freezes_all_its_sessions()
    {
        var source = new PolicySource(PolicyOf());
        using var mine = GuardSession.Create(source, Operations.Alice);
        using var others = GuardSession.Create(PolicyOf(), Operations.Alice);
        source.Freeze();
        RuleOf(mine, Effects.Write).Should().Be("misuse.frozen");
        RuleOf(others, Effects.Write).Should().BeNull();
    }

    [Fact]
    public void One_switch_freezes_every_agent_that_shares_it()
    {
        var all = new FreezeSwitch();
        using var first = GuardSession.Create(PolicyOf(all), Operations.Alice);
        using var second = GuardSession.Create(PolicyOf(all), Operations.Alice);
        all.Freeze();
        RuleOf(first, Effects.Write).Should().Be("misuse.frozen");
        RuleOf(second, Effects.Delete).Should().Be("misuse.frozen");
        RuleOf(second, Effects.Read).Should().BeNull();
        all.Unfreeze();
        RuleOf(first, Effects.Write).Should().BeNull();
    }

    [Fact]
    public void A_freeze_is_no_denial_that_an_approval_removes()
    {
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.AddLayer(TestLayer.AllowAll())
                .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForWrites()))),
            Operations.Alice);
        var asked = session.TryAuthorize(Operations.Call("f", Effects.Write));
        session.Approvals.Approve(asked.ApprovalRequestId!).Should().BeTrue();
        session.Freeze();
        RuleOf(session, Effects.Write).Should().Be("misuse.frozen");
    }
}
