using System.Net;
using System.Text.Json;
using LangGuard.AI;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using LangGuard.Tests.Data;
using LangGuard.Tests.Files;
using LangGuard.Tests.Http;
using LangGuard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.Practices;

/// <summary>Limit permissions: scope, read-only credentials, sensitive resources, sandboxes, proxies.</summary>
public sealed partial class PracticeTests
{
    private static readonly RequestDelegate Ok = context => context.Response.WriteAsync("ok");

    [Fact]
    public async Task Practice_S01_one_policy_governs_files_requests_databases_and_functions()
    {
        using var shop = new ShopFixture();
        using var files = new FileWorld();
        files.With("note.txt");
        await using var http = await HttpWorld.StartAsync(
            Ok,
            guard => guard.LimitPermissions(allow => allow
                .Files("kb", files.Root, root => root.Read("**").Trusted("**"))
                .Database("shop", db => db.UseSqlite(shop.Path).Select("orders").Trusted())
                .Function("greet", f => f.OnlyReads().Require("name", ArgumentRule.OneOf("Ada")))),
            null,
            "GET {api}/v1/**");
        var session = http.Session;
        var tools = session.GetTools().Append(session.Guard(AIFunctionFactory.Create((string name) => $"Hello {name}", "greet")))
            .ToDictionary(tool => tool.Name);

        (await Call(tools["read_file"], ("path", "/kb/note.txt"))).Should().Contain("inside");
        (await Call(tools["http_request"], ("url", $"{http.Api}/v1/x"))).Should().Contain("ok");
        (await Call(tools["database_query"], ("database", "shop"), ("sql", "SELECT count(*) FROM orders"))).Should().Contain("3");
        (await Call(tools["greet"], ("name", "Ada"))).Should().Contain("Hello Ada");
        (await Call(tools["read_file"], ("path", "/etc/passwd"))).Should().Contain("files.outside-root");
        (await Call(tools["http_request"], ("url", "http://evil.test/"))).Should().Contain("http.endpoint");
        (await Call(tools["database_query"], ("database", "shop"), ("sql", "SELECT v FROM secrets"))).Should().Contain("database.table");
        (await Call(tools["greet"], ("name", "Mallory"))).Should().Contain("functions.").And.NotContain("Hello");
    }

    [Fact]
    public void Practice_S02_allowed_work_gives_the_same_results_with_and_without_the_guard()
    {
        using var world = new FileWorld();
        using var shop = new ShopFixture();
        foreach (var name in new[] { "notes..md", "a b/ü.md", "empty.txt", "deep/er/x.csv" })
        {
            world.With(name, $"content of {name}\r\n\0\u00e9");
            world.Guarded.File.ReadAllBytes(name).Should().Equal(File.ReadAllBytes(world.In(name)));
        }

        using var session = shop.Session(db => db.Select("orders", "customers"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "WITH t AS (SELECT customer_id, sum(total) s FROM orders GROUP BY 1) SELECT c.name || ': drop table ' || t.s FROM t JOIN customers c ON c.id = t.customer_id ORDER BY c.id LIMIT 1";
        command.ExecuteScalar().Should().Be(shop.Ask(command.CommandText)).And.Be("Ada: drop table 30.5");
    }

    [Fact]
    public async Task Practice_S03_without_options_everything_is_denied_and_the_denial_says_what_would_allow_it()
    {
        await using var provider = new ServiceCollection().AddLangGuard(_ => { }).BuildServiceProvider();
        using var session = provider.GetRequiredService<IGuardSessionFactory>().Create(new Principal("ada"));

        var file = session.Invoking(s => s.FileSystem.File.ReadAllText("/etc/hostname")).Should().Throw<AccessDeniedException>().Which;
        var http = (await session.Awaiting(s => s.HttpClient.GetAsync("https://api.contoso.test/")).Should().ThrowAsync<AccessDeniedException>()).Which;

        file.Decision.Reason!.Setting.Should().Contain("Files(");
        http.Decision.Reason!.Setting.Should().Contain("Http(");
        session.GetTools().Should().BeEmpty();
    }

    [Fact]
    public void Practice_S05_broad_grants_are_findings_and_a_strict_policy_does_not_start()
    {
        Action<PolicyBuilder> broad = guard => guard.LimitPermissions(allow => allow
            .Files("usr", "/usr", files => files.Read("**").Write("**")).Http("GET https://*/**"));

        Policy.Create(broad).Findings().Select(finding => finding.Id).Should().Contain(["files.broad-root", "http.any-host"]);
        FluentActions.Invoking(() => Policy.Create(guard =>
        {
            broad(guard);
            guard.Strict();
        })).Should().Throw<PolicyValidationException>().WithMessage("*files.broad-root*");
    }

    [Fact]
    public async Task Practice_S06_and_S13_a_login_that_can_do_more_than_the_policy_is_reported_with_the_right()
    {
        using var shop = new PostgreSqlShop();
        var login = await shop.RoleAsync(db => db.Select("orders").Delete("orders"));

        var excess = await PostgreSqlCredentialAudit.RunAsync(login, PostgreSqlShop.PolicyOf(db => db.Select("orders")), "shop");

        excess.Should().Contain(finding => finding.ToString()!.Contains("DELETE", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(".env")]
    [InlineData("deploy/id_rsa")]
    [InlineData(".git/hooks/pre-commit")]
    public void Practice_S07_sensitive_files_are_closed_inside_a_granted_root(string name)
    {
        using var world = new FileWorld();
        world.With(name, "KEY=1").With("plain.txt");

        world.Guarded.File.ReadAllText("plain.txt").Should().Be("inside");
        var act = name.StartsWith(".git", StringComparison.Ordinal)
            ? () => world.Guarded.File.WriteAllText(name, "x")
            : (Action)(() => world.Guarded.File.ReadAllText(name));
        act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.sensitive");
        File.ReadAllText(world.In(name)).Should().Be("KEY=1");
    }

    [Theory]
    [InlineData("SELECT sql FROM sqlite_master")]
    [InlineData("SELECT * FROM pragma_table_info('orders')")]
    public void Practice_S07_system_catalogs_are_closed(string sql)
    {
        using var shop = new ShopFixture();
        using var session = shop.Session(db => db.Select("orders"));

        session.Invoking(s => Query(s, sql)).Should().Throw<DbAccessDeniedException>();
        Query(session, "SELECT count(*) FROM orders").Should().Be(3L);
    }

    [Fact]
    public void Practice_S08_a_required_sandbox_that_is_missing_refuses_to_start_and_says_what_is_missing()
    {
        // The tests run with the rights of whoever runs them, never in every sandbox at once.
        FluentActions.Invoking(() => Policy.Create(guard => guard.DefendInDepth(defense => defense.CheckPosture(posture => posture.RequireAll()))))
            .Should().Throw<PolicyValidationException>().WithMessage("*posture.*");
        Policy.Create(_ => { }).CheckPosture().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Practice_S09_a_required_proxy_is_the_only_way_out()
    {
        await using var proxy = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("by proxy"));
        GuardSession Session(int port) => Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Http("GET http://api.contoso.test/** trusted"))
            .DefendInDepth(defense => defense.RequireProxy(new Uri($"http://127.0.0.1:{port}"))));
        using var session = Session(proxy.Port);
        using var broken = Session(1);

        (await session.HttpClient.GetStringAsync("http://api.contoso.test/x")).Should().Be("by proxy");
        await broken.Awaiting(s => s.HttpClient.GetStringAsync("http://api.contoso.test/x")).Should().ThrowAsync<HttpRequestException>();
    }

    [Theory]
    [InlineData("../secret.txt")]
    [InlineData("a/../../secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\secret.txt")]
    [InlineData("link/secret.txt")]
    [InlineData("%2e%2e/secret.txt")]
    public void Practice_S23_a_directory_is_a_limit_that_no_name_leaves(string name)
    {
        using var world = new FileWorld();
        File.WriteAllText(Path.Combine(world.Folder, "secret.txt"), "OUTSIDE");
        Directory.CreateSymbolicLink(world.In("link"), world.Folder);
        world.With("notes..md");

        world.Guarded.File.ReadAllText("notes..md").Should().Be("inside");
        world.Invoking(w => w.Guarded.File.ReadAllText(name)).Should().Throw<Exception>()
            .Which.Should().Match(e => e is AccessDeniedException || e is FileNotFoundException || e is DirectoryNotFoundException);
    }

    [Fact]
    public void Practice_S24_only_files_that_are_safe_to_write_are_written()
    {
        using var world = new FileWorld(files => files.Read("**").Write("**", rule => rule.WriteExtensions.Add(".csv")));

        world.Guarded.File.WriteAllText("report.csv", "a,b");
        world.Invoking(w => w.Guarded.File.WriteAllText("run.sh", "x")).Should().Throw<AccessDeniedException>();
        world.Invoking(w => w.Guarded.File.Move("report.csv", "report.exe")).Should().Throw<AccessDeniedException>();
        world.Invoking(w => w.Guarded.File.WriteAllBytes("tool.csv", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0]))
            .Should().Throw<AccessDeniedException>();
        File.Exists(world.In("run.sh")).Should().BeFalse();
    }

    [Fact]
    public async Task Practice_S31_the_generated_grants_let_the_server_alone_refuse()
    {
        using var shop = new PostgreSqlShop();
        var login = await shop.RoleAsync(db => db.Select("orders"));
        await using var source = Npgsql.NpgsqlDataSource.Create(login);

        await using var allowed = source.CreateCommand("SELECT count(*) FROM orders");
        (await allowed.ExecuteScalarAsync()).Should().Be(3L);
        await using var refused = source.CreateCommand("SELECT v FROM secrets");
        (await refused.Awaiting(command => command.ExecuteScalarAsync()).Should().ThrowAsync<Npgsql.PostgresException>())
            .Which.SqlState.Should().Be("42501");
    }

    private static async Task<string> Call(AIFunction tool, params (string Name, object? Value)[] arguments)
    {
        var result = await tool.InvokeAsync(new(arguments.ToDictionary(argument => argument.Name, argument => argument.Value)));
        return result is JsonElement json ? json.GetRawText() : result?.ToString() ?? string.Empty;
    }

    private static object? Query(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
