namespace LangGuard.SecurityTests.Redaction;

public sealed class CanarySurfaceTests
{
    [Fact]
    public async Task A_canary_anywhere_inside_appears_nowhere_outside()
    {
        using var world = new CanaryWorld(isHidden: true);
        await world.ReadEverythingAsync();
        var all = world.Outside();
        all.Should().HaveCountGreaterThan(200);
        all.Should().Contain(text => text.Contains("last line", StringComparison.Ordinal), "the rest of a file is shown");
        all.Should().Contain(text => text.Contains("row line", StringComparison.Ordinal), "the rest of a row is shown");
        all.Select(text => Disclosure.Find(text, CanaryWorld.Canary)).Where(found => found is not null).Should().BeEmpty();
    }

    [Fact]
    public async Task A_canary_does_not_leave_in_any_form_by_any_way()
    {
        using var world = new CanaryWorld(isHidden: true);
        await world.SendEverythingAsync();
        world.Sent.Should().BeEmpty();
        world.Server.Heads.Should().BeEmpty();
        world.Outside().Select(text => Disclosure.Find(text, CanaryWorld.Canary)).Where(found => found is not null).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_the_layer_the_same_calls_show_it()
    {
        using var world = new CanaryWorld(isHidden: false);
        await world.SendEverythingAsync();
        await world.ReadEverythingAsync();
        world.Sent.Select(text => Disclosure.Find(text, CanaryWorld.Canary)).Should().NotContainNulls("functions get it").And.NotBeEmpty();
        world.Server.Heads.Count(head => Disclosure.Find(head, CanaryWorld.Canary) is not null).Should().BeGreaterThan(5, "it leaves by HTTP");
        var shown = world.Outside().Where(text => Disclosure.Find(text, CanaryWorld.Canary) is not null).ToList();
        shown.Should().Contain(text => text.Contains("first line", StringComparison.Ordinal), "files show it");
        shown.Should().Contain(text => text.Contains("row line", StringComparison.Ordinal), "rows show it");
        shown.Should().Contain(text => text.Contains("http_status", StringComparison.Ordinal), "responses show it");
        shown.Should().Contain(text => text.Contains("\"phase\":\"decision\"", StringComparison.Ordinal), "audit records show it");
    }
}
