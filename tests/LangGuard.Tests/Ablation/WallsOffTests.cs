using System.Text.Json;
using LangGuard.Ablation;

namespace LangGuard.Tests.Ablation;

public sealed class WallsOffTests
{
    private static readonly Principal Agent = new("agent");

    [Fact]
    public void A_wall_that_is_off_leaves_the_others()
    {
        var policy = Policy.Create(guard => guard.SwitchOff(Wall.Loops, Wall.Secrets));

        policy.MisuseLayers.Select(layer => layer.Name).Should().NotContain(["misuse.loops", "misuse.secrets"]);
        Policy.Create(_ => { }).MisuseLayers.Select(layer => layer.Name).Except(policy.MisuseLayers.Select(layer => layer.Name))
            .Should().BeEquivalentTo("misuse.loops", "misuse.secrets");
    }

    [Fact]
    public void Rules_that_are_off_grant_everything_on_their_surface_alone()
    {
        var policy = Policy.Create(guard => guard.SwitchOff(Wall.HttpPermissions));
        using var session = GuardSession.Create(policy, Agent);

        policy.Decide(new HttpOperation(Agent, Effects.Read, "GET", new Uri("https://anywhere.test/")), session).IsAllowed
            .Should().BeTrue();
        policy.Decide(new FunctionOperation(Agent, Effects.Read, "any", JsonDocument.Parse("{}").RootElement), session).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void A_policy_with_a_wall_off_has_another_hash() =>
        Policy.Create(guard => guard.SwitchOff(Wall.UrlForm)).Hash.Should().NotBe(Policy.Create(_ => { }).Hash);

    [Fact]
    public void Nothing_public_leads_to_the_hook() =>
        typeof(Policy).Assembly.GetExportedTypes().Should().NotContain(type => type.Namespace == "LangGuard.Ablation");

    [Fact]
    public void Every_wall_has_a_bit_of_its_own() => Enum.GetValues<Wall>().Should().HaveCountLessThanOrEqualTo(64);
}
