using LangGuard.Tests.Support;

namespace LangGuard.Tests;

public sealed class DecisionTests
{
    [Fact]
    public void The_default_decision_denies_with_a_reason()
    {
        Decision decision = default;
        decision.Kind.Should().Be(DecisionKind.Deny);
        decision.IsAllowed.Should().BeFalse();
        decision.Reason!.Rule.Should().Be("policy.unspecified");
    }

    [Fact]
    public void The_default_objection_denies_with_a_reason()
    {
        Objection objection = default;
        objection.Kind.Should().Be(ObjectionKind.Deny);
        objection.Reason!.Rule.Should().Be("policy.unspecified");
    }

    [Fact]
    public void The_default_authorization_denies()
    {
        Authorization authorization = default;
        authorization.IsAllowed.Should().BeFalse();
        authorization.Decision.Kind.Should().Be(DecisionKind.Deny);
    }

    [Fact]
    public void An_objection_cannot_allow_by_type() =>
        Enum.GetNames<ObjectionKind>().Should().BeEquivalentTo("Deny", "Ask", "None");

    [Fact]
    public void A_denial_names_rule_resource_and_setting()
    {
        var reason = new Reason("files.outside-root", "Not in a root.", Retry.ChangeArguments, "Files(...).Read(\"{resource}\")");
        var denial = new AccessDeniedException(Decision.Deny(reason), Operations.Call("f"));
        denial.Message.Should().Be("files.outside-root: Not in a root. (f) To allow it: Files(...).Read(\"f\")");
        denial.Should().BeAssignableTo<UnauthorizedAccessException>();
        denial.Should().NotBeAssignableTo<HttpRequestException>();
    }
}
