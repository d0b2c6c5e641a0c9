using LangGuard.Ablation;
using LangGuard.Testing;

namespace LangGuard.Tests.Testing;

public sealed class HttpConformanceTests
{
    private static readonly Uri Order = new("https://api.contoso.test/v1/orders/7");

    [Fact]
    public async Task A_reader_of_one_service_holds()
    {
        var report = await PolicyConformance.HttpAsync(Orders, Order);

        report.ShouldHold();
        report.Results.Should().HaveCount(312);
        report.Results.Count(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed }).Should().BeGreaterThan(150);
        report.Results.Count(result => result is { IsAttack: false, Outcome: ConformanceOutcome.Passed }).Should().BeGreaterThan(20);
        report.Results.Should().Contain(result => result.Rule == "http.private-address");
    }

    [Fact]
    public async Task A_wide_policy_holds_too_and_what_it_grants_is_no_bypass()
    {
        var report = await PolicyConformance.HttpAsync(
            guard => guard.LimitPermissions(allow => allow
                .Http("GET,POST,DELETE https://api.contoso.test/** query * header *")
                .Http("GET https://*/** query * header *")),
            Order);

        report.ShouldHold();
        report.Results.Should().Contain(result => result.IsAttack && result.Outcome == ConformanceOutcome.Skipped
            && result.Seen.StartsWith("granted: GET https://evil.com/"));
    }

    [Fact]
    public async Task Networks_that_the_policy_opens_are_no_bypass_and_others_stay_closed()
    {
        var report = await PolicyConformance.HttpAsync(
            guard => guard.LimitPermissions(allow => allow.Http("GET https://api.contoso.test/** private 10.0.0.0/8")), Order);

        report.ShouldHold();
        report.Results.Single(result => result.Id == "S-dns-002").Outcome.Should().Be(ConformanceOutcome.Skipped);
        report.Results.Single(result => result.Id == "S-dns-004").Outcome.Should().Be(ConformanceOutcome.Passed);
    }

    [Theory]
    [InlineData(Wall.Addresses, Wall.SocketGate, "allowed name resolves to loopback")]
    [InlineData(Wall.HttpPermissions, Wall.WireRules, "sibling host not granted")]
    [InlineData(Wall.UrlForm, Wall.WireUrl, "encoded slash after dots")]
    internal async Task Broken_walls_are_reported(Wall one, Wall other, string technique)
    {
        var report = await PolicyConformance.HttpAsync(guard =>
        {
            guard.SwitchOff(one, other).LimitPermissions(allow => allow.Http("GET https://api.contoso.test/v1/orders/**"));
        }, Order);

        report.Bypasses.Select(result => result.Technique).Should().Contain(technique);
        report.Invoking(it => it.ShouldHold()).Should().Throw<GuardAssertionException>()
            .WithMessage($"HTTP 'https://api.contoso.test/v1/orders/7': *Attacks that took effect:*({technique}): reached the server: GET *");
    }

    [Fact]
    public async Task A_resolver_of_the_hosts_own_is_left_out()
    {
        // A resolver of the host's own must not decide what the test's names are.
        var report = await PolicyConformance.HttpAsync(
            guard => Orders(guard.DefendInDepth(defense => defense.UseAddressResolver(new InMemoryAddressResolver()))), Order);

        report.ShouldHold();
    }

    [Fact]
    public async Task A_URL_that_the_policy_does_not_grant_is_an_error() =>
        (await FluentActions.Awaiting(() => PolicyConformance.HttpAsync(Orders, new Uri("https://api.contoso.test/v1/users")))
            .Should().ThrowAsync<ArgumentException>())
            .WithMessage("The policy does not grant GET https://api.contoso.test/v1/users, which the attacks start from: http.endpoint*");

    private static void Orders(PolicyBuilder guard) =>
        guard.LimitPermissions(allow => allow.Http("GET https://api.contoso.test/v1/orders/{id:int}"));
}
