using LangGuard.Tests.Support;

namespace LangGuard.Tests;

public sealed class PolicyBuilderTests
{
    [Fact]
    public void Nothing_said_means_everything_denied()
    {
        using var session = Operations.SessionOf(_ => { });
        var act = () => session.Authorize(Operations.Call("anything"));
        act.Should().Throw<AccessDeniedException>().Which.Decision.Kind.Should().Be(DecisionKind.Deny);
    }

    [Fact]
    public void The_denial_of_nothing_granted_names_a_setting() =>
        Policy.Create(_ => { }).Decide(Operations.Call("anything"), Operations.SessionOf(_ => { }))
            .Reason!.Setting.Should().NotBeNull();

    [Fact]
    public void Reports_every_duplicate_name_at_once()
    {
        var act = () => Policy.Create(policy => policy.LimitPermissions(allow => allow
            .Function("send").Function("send").Function("pay").Function("pay")));
        act.Should().Throw<PolicyValidationException>().Which.Errors.Select(error => error.Path)
            .Should().BeEquivalentTo("LimitPermissions:Functions:send", "LimitPermissions:Functions:pay");
    }

    [Fact]
    public void A_built_builder_is_frozen()
    {
        var builder = new PolicyBuilder();
        builder.Build();
        builder.Invoking(b => b.AddLayer(TestLayer.AllowAll())).Should().Throw<InvalidOperationException>()
            .WithMessage("*has been built already*");
        builder.Invoking(b => b.Build()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_service_given_twice_is_an_error()
    {
        var builder = new PolicyBuilder().UseTimeProvider(TimeProvider.System).UseTimeProvider(TimeProvider.System);
        builder.Invoking(b => b.Build()).Should().Throw<PolicyValidationException>();
    }
}
