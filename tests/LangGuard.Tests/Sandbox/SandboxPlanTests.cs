using LangGuard.Sandbox;
using Microsoft.Data.Sqlite;
using YamlDotNet.Serialization;

namespace LangGuard.Tests.Sandbox;

public sealed class SandboxPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-sandbox-").FullName;

    [Fact]
    public void Shows_exactly_the_directories_of_the_policy()
    {
        var plan = Policy.Create(guard => guard
            .LimitPermissions(allow => allow
                .Files("kb", Made("kb"), files => files.Read("**"))
                .Files("drafts", Made("kb/drafts"), files => files.Read("**").Write("**"))
                .Database("shop", shop => shop.UseSqlite(NewDatabase("data/shop.db")).Select("orders")))
            .DefendInDepth(defense => defense.Audit(audit => audit.ToFile(Made("audit"))).KeepJournal(Full("journal")))).PlanSandbox();

        plan.Mounts.Should().Equal(
            new SandboxMount(Full("audit"), false, "audit"),
            new SandboxMount(Full("data"), true, "database 'shop'"),
            new SandboxMount(Full("journal"), false, "journal"),
            new SandboxMount(Full("kb"), true, "root 'kb'"),
            new SandboxMount(Full("kb/drafts"), false, "root 'drafts'"));
        plan.Network.Should().Be(SandboxNetwork.None);
    }

    [Fact]
    public void A_directory_of_two_roots_is_writable_when_one_of_them_writes()
    {
        var plan = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("a", Made("kb"), files => files.Read("**"))
            .Files("b", Full("kb") + "/", files => files.Write("**")))).PlanSandbox();

        plan.Mounts.Should().Equal(new SandboxMount(Full("kb"), false, "root 'a', root 'b'"));
    }

    [Fact]
    public void Requests_open_the_network_unless_they_go_through_a_proxy()
    {
        var open = Policy.Create(guard => guard.LimitPermissions(allow => allow.Http("GET https://api.contoso.test/**")));
        var proxied = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Http("GET https://api.contoso.test/**"))
            .DefendInDepth(defense => defense.RequireProxy(new Uri("http://proxy.contoso.test:3128"))));

        open.PlanSandbox().Network.Should().Be(SandboxNetwork.Open);
        proxied.PlanSandbox().Network.Should().Be(SandboxNetwork.Internal);
    }

    [Fact]
    public void The_compose_file_mounts_the_directories_and_gives_no_rights_besides()
    {
        var agent = Agent(Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("kb", Made("kb"), files => files.Read("**"))
            .Files("reports", Made("reports"), files => files.Read("**").Write("**")))).PlanSandbox().ToCompose("desk:1"));

        agent["image"].Should().Be("desk:1");
        agent["user"].Should().Be("10001:10001");
        agent["read_only"].Should().Be("true");
        agent["network_mode"].Should().Be("none");
        agent["cap_drop"].Should().BeEquivalentTo(new[] { "ALL" });
        agent["security_opt"].Should().BeEquivalentTo(new[] { "no-new-privileges:true" });
        agent.Should().NotContainKeys("privileged", "pid", "ipc", "ports", "devices", "cap_add");
        Volumes(agent).Should().Equal((Full("kb"), "true"), (Full("reports"), "false"));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("colon: and # hash")]
    [InlineData("quote \" and \\ backslash")]
    [InlineData("$HOME and ${SECRET}")]
    [InlineData("two\nlines")]
    [InlineData("- type: bind")]
    public void No_name_of_a_directory_changes_the_meaning_of_the_file(string name)
    {
        var agent = Agent(Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("kb", Made(name), files => files.Read("**")))).PlanSandbox().ToCompose("desk:1"));

        // A doubled dollar sign is one to Compose.
        Volumes(agent).Should().Equal((Full(name).Replace("$", "$$", StringComparison.Ordinal), "true"));
    }

    [Fact]
    public void A_database_server_and_a_proxy_are_reached_by_an_internal_network_only()
    {
        var text = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Http("GET https://api.contoso.test/**"))
            .DefendInDepth(defense => defense.RequireProxy(new Uri("http://proxy.contoso.test:3128")))).PlanSandbox().ToCompose("desk:1");

        Agent(text)["networks"].Should().BeEquivalentTo(new[] { "inside" });
        var networks = (Dictionary<object, object>)Read(text)["networks"];
        ((Dictionary<object, object>)networks["inside"])["internal"].Should().Be("true");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Full(string name) => Path.Combine(_folder, name);

    private string Made(string name) => Directory.CreateDirectory(Full(name)).FullName;

    private string NewDatabase(string name)
    {
        Made(Path.GetDirectoryName(name)!);
        using var connection = new SqliteConnection($"Data Source={Full(name)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE orders(id INTEGER PRIMARY KEY)";
        command.ExecuteNonQuery();
        return Full(name);
    }

    private static Dictionary<object, object> Read(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(text);

    private static Dictionary<object, object> Agent(string text) =>
        (Dictionary<object, object>)((Dictionary<object, object>)Read(text)["services"])["agent"];

    private static IEnumerable<(string Source, string IsReadOnly)> Volumes(Dictionary<object, object> agent) =>
        ((List<object>)agent["volumes"]).Cast<Dictionary<object, object>>().Select(volume =>
        {
            volume["type"].Should().Be("bind");
            volume["target"].Should().Be(volume["source"]);
            return ((string)volume["source"], (string)volume["read_only"]);
        });
}
