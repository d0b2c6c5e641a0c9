using LangGuard.Permissions;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LangGuard.Tests.ModelContextProtocol;

/// <summary>What a server offers besides tools.</summary>
public sealed class ResourceTests
{
    private const string Key = "AKIAIOSFODNN7EXAMPLE";

    [Fact]
    public async Task Without_a_guard_resources_and_prompts_are_open()
    {
        await using var world = await McpWorld.StartAsync(Serve, guarded: false);
        var client = await world.ClientAsync();

        (await client.ListResourcesAsync()).Should().HaveCount(2);
        (await TextAsync(client, "kb://faq")).Should().Contain(Key);
        (await client.ListPromptsAsync()).Should().HaveCount(2);
        (await client.GetPromptAsync("greet")).Messages.Should().NotBeEmpty();
    }

    [Fact]
    public async Task With_nothing_granted_there_is_nothing()
    {
        await using var world = await McpWorld.StartAsync(Serve, guard => guard.LimitPermissions(allow => allow.Function("read", f => f.OnlyReads())));
        var client = await world.ClientAsync();

        (await client.ListResourcesAsync()).Should().BeEmpty();
        (await client.ListResourceTemplatesAsync()).Should().BeEmpty();
        (await client.ListPromptsAsync()).Should().BeEmpty();
        await Denied(() => TextAsync(client, "kb://faq"));
        await Denied(() => client.GetPromptAsync("greet").AsTask());
        await Denied(() => client.SubscribeToResourceAsync("kb://faq"));
    }

    [Fact]
    public async Task What_is_granted_is_listed_and_read_and_cleaned()
    {
        await using var world = await McpWorld.StartAsync(Serve, guard => guard.LimitPermissions(allow => allow
            .Function("resources/read", f => f.Require("uri", ArgumentRule.OneOf("kb://faq")).OnlyReads())
            .Function("prompts/get", f => f.Require("name", ArgumentRule.OneOf("greet")).Any("arguments").OnlyReads())));
        var client = await world.ClientAsync();

        (await client.ListResourcesAsync()).Select(resource => resource.Uri).Should().Equal("kb://faq");
        (await TextAsync(client, "kb://faq")).Should().Contain("the faq").And.NotContain(Key);
        await Denied(() => TextAsync(client, "kb://payroll"));
        (await client.ListPromptsAsync()).Select(prompt => prompt.Name).Should().Equal("greet");
        (await client.GetPromptAsync("greet")).Messages.Should().NotBeEmpty();
        await Denied(() => client.GetPromptAsync("other").AsTask());
    }

    [Fact]
    public async Task Nobody_reads_nothing_whatever_is_granted()
    {
        await using var world = await McpWorld.StartAsync(Serve, guard => guard.LimitPermissions(allow => allow
            .Function("resources/read", f => f.Any("uri").OnlyReads())));
        var client = await world.ClientAsync(user: null);

        (await client.ListResourcesAsync()).Should().BeEmpty();
        await Denied(() => TextAsync(client, "kb://faq"));
    }

    private static async Task<string> TextAsync(McpClient client, string uri) =>
        string.Concat((await client.ReadResourceAsync(uri)).Contents.OfType<TextResourceContents>().Select(contents => contents.Text));

    private static async Task Denied(Func<Task> request) => await FluentActions.Awaiting(request).Should().ThrowAsync<McpException>();

    private static void Serve(IMcpServerBuilder server) => server
        .WithResources([
            McpServerResource.Create(() => "the faq, key " + Key, new McpServerResourceCreateOptions { UriTemplate = "kb://faq", Name = "faq" }),
            McpServerResource.Create(() => "the payroll", new McpServerResourceCreateOptions { UriTemplate = "kb://payroll", Name = "payroll" })])
        .WithPrompts([
            McpServerPrompt.Create(() => "Say hello.", new McpServerPromptCreateOptions { Name = "greet" }),
            McpServerPrompt.Create(() => "Say more.", new McpServerPromptCreateOptions { Name = "other" })])
        .WithSubscribeToResourcesHandler((_, _) => new ValueTask<EmptyResult>(new EmptyResult()));
}
