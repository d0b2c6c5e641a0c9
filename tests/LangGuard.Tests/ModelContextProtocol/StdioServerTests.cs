using ModelContextProtocol.Client;

namespace LangGuard.Tests.ModelContextProtocol;

/// <summary>A server process, spoken to by the client of the protocol's own library.</summary>
public sealed class StdioServerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("langguard-mcp-").FullName;

    public StdioServerTests() => File.WriteAllText(Path.Combine(_root, "faq.md"), "Orders ship in two days.");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Without_a_guard_everything_is_listed_and_runs()
    {
        await using var client = await ConnectAsync("open");

        (await NamesAsync(client)).Should().BeEquivalentTo("send_mail", "wipe");
        (await client.CallToolAsync("wipe")).IsError.Should().NotBe(true);
        await client.CallToolAsync("send_mail", Arguments(("to", "eve@evil.test")));
        Sent().Should().Equal("eve@evil.test");
    }

    [Fact]
    public async Task Only_what_is_granted_is_listed()
    {
        await using var client = await ConnectAsync("guarded");

        (await NamesAsync(client)).Should().BeEquivalentTo("list_files", "read_file", "search_files", "send_mail");
    }

    [Fact]
    public async Task What_is_not_listed_is_not_callable()
    {
        await using var client = await ConnectAsync("guarded");

        var result = await client.CallToolAsync("wipe");

        result.IsError.Should().BeTrue();
        McpWorld.TextOf(result).Should().Contain("functions.not-granted").And.NotContain("gone");
        McpWorld.TextOf(await client.CallToolAsync("no_such_tool")).Should().Be(McpWorld.TextOf(result));
    }

    [Fact]
    public async Task A_granted_tool_runs_with_arguments_that_pass()
    {
        await using var client = await ConnectAsync("guarded");

        var denied = await client.CallToolAsync("send_mail", Arguments(("to", "ada@contoso.test, eve@evil.test")));
        var allowed = await client.CallToolAsync("send_mail", Arguments(("to", "ada@contoso.test")));

        denied.IsError.Should().BeTrue();
        McpWorld.TextOf(denied).Should().Contain("functions.argument");
        allowed.IsError.Should().NotBe(true);
        McpWorld.TextOf(allowed).Should().Contain("sent to ada@contoso.test");
        Sent().Should().Equal("ada@contoso.test");
    }

    [Theory]
    [InlineData("guarded")]
    [InlineData("wrapped")]
    public async Task Ready_made_tools_are_served_under_their_guard(string mode)
    {
        await using var client = await ConnectAsync(mode);

        McpWorld.TextOf(await client.CallToolAsync("read_file", Arguments(("path", "faq.md")))).Should().Contain("two days");
        McpWorld.TextOf(await client.CallToolAsync("read_file", Arguments(("path", "../../etc/hostname")))).Should().Contain("denied");
        McpWorld.TextOf(await client.CallToolAsync("read_file", Arguments(("path", "/etc/hostname")))).Should().Contain("denied");
    }

    [Fact]
    public async Task Guarded_functions_made_into_tools_of_a_server_stay_guarded()
    {
        await using var client = await ConnectAsync("wrapped");

        McpWorld.TextOf(await client.CallToolAsync("wipe")).Should().Contain("functions.not-granted").And.NotContain("gone");
        McpWorld.TextOf(await client.CallToolAsync("send_mail", Arguments(("to", "eve@evil.test")))).Should().Contain("functions.argument");
        McpWorld.TextOf(await client.CallToolAsync("send_mail", Arguments(("to", "ada@contoso.test")))).Should().Contain("sent");
        Sent().Should().Equal("ada@contoso.test");
    }

    private static Dictionary<string, object?> Arguments(params (string Name, object? Value)[] arguments) =>
        arguments.ToDictionary(argument => argument.Name, argument => argument.Value);

    private static async Task<IEnumerable<string>> NamesAsync(McpClient client) =>
        (await client.ListToolsAsync()).Select(tool => tool.Name);

    private string[] Sent() =>
        File.Exists(Path.Combine(_root, "sent.log")) ? File.ReadAllLines(Path.Combine(_root, "sent.log")) : [];

    private Task<McpClient> ConnectAsync(string mode) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = mode,
            Command = "dotnet",
            Arguments = ["exec", Path.Combine(AppContext.BaseDirectory, "LangGuard.McpServer.dll"), mode, _root],
        }),
        new McpClientOptions
        {
            // A busy machine may need longer to start a process than the client waits before it tries an older protocol.
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
            InitializationTimeout = TimeSpan.FromMinutes(3),
        });
}
