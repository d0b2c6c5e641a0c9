using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using LangGuard.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A web host with users of two tenants at once, whose author keeps the tools of whoever came first and hands them to
/// everybody.</summary>
public sealed class TwoTenantsInAHostTests : IDisposable
{
    private static readonly string[] Tenants = ["contoso", "fabrikam"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-scenario-");

    public TwoTenantsInAHostTests()
    {
        Sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant TEXT, note TEXT)");
        foreach (var tenant in Tenants)
        {
            Directory.CreateDirectory(At($"tenants/{tenant}"));
            File.WriteAllText(At($"tenants/{tenant}/plan.md"), Mark(tenant));
            Sql($"INSERT INTO orders (tenant, note) VALUES ('{tenant}', '{Mark(tenant)}')");
        }
    }

    private string Data => At("app.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Users_of_two_tenants_at_once_get_what_is_theirs()
    {
        await using var app = await StartAsync(context => ToolsOf(context));

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => AskAsync(app, Tenants[i % 2], $"{i}")));

        for (var i = 0; i < answers.Length; i++)
        {
            answers[i].Should().Contain(Mark(Tenants[i % 2])).And.NotContain(Mark(Tenants[(i + 1) % 2]));
        }
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2025", Justification = "The first request is waited for before the host ends.")]
    public async Task Tools_that_were_kept_from_another_tenant_give_nothing()
    {
        var kept = new ConcurrentDictionary<string, IReadOnlyList<AIFunction>>();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var leave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(context => kept.GetOrAdd("tools", _ => ToolsOf(context)), async context =>
        {
            if (context.User.HasClaim("tid", "fabrikam") && entered.TrySetResult())
            {
                await leave.Task;
            }
        });

        // The request of the one who came first is still running, and then it is over.
        var first = AskAsync(app, "fabrikam", "first");
        await entered.Task;
        var during = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(app, "contoso", $"during-{i}")));
        leave.SetResult();
        (await first).Should().Contain(Mark("fabrikam"));
        var later = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(app, "contoso", $"after-{i}")));

        during.Should().AllSatisfy(answer => answer.Should().NotContain(Mark("fabrikam")).And.Contain("session.mismatch"));
        later.Should().AllSatisfy(answer => answer.Should().NotContain(Mark("fabrikam")).And.Contain("session."));
    }

    [Fact]
    public async Task Plain_tools_give_the_rows_of_both()
    {
        await using var app = await StartAsync(_ =>
        [
            AIFunctionFactory.Create((string path) => File.ReadAllText(At(path.TrimStart('/'))), "read_file"),
            AIFunctionFactory.Create((string sql) => Sql(sql), "database_query"),
        ]);

        (await AskAsync(app, "contoso", "1")).Should().Contain(Mark("fabrikam"));
    }

    private static string Mark(string tenant) => $"SECRET-{tenant}-4417";

    private static IReadOnlyList<AIFunction> ToolsOf(HttpContext context)
    {
        var tenant = context.User.FindFirstValue("tid")!;
        return context.RequestServices.GetRequiredKeyedService<GuardSession>(tenant).GetTools();
    }

    private static async Task<string> AskAsync(WebApplication app, string tenant, string conversation)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-Tenant", tenant);
        client.DefaultRequestHeaders.Add("X-Conversation", $"{tenant}-{conversation}");
        return await client.GetStringAsync("/");
    }

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private async Task<WebApplication> StartAsync(
        Func<HttpContext, IReadOnlyList<AIFunction>> tools, Func<HttpContext, Task>? after = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        foreach (var tenant in Tenants)
        {
            builder.Services.AddLangGuard(tenant, guard => guard.LimitPermissions(allow => allow
                .Files("tenants", At("tenants"), files => files.Read($"{tenant}/**"))
                .Database("app", db => db.UseSqlite(Data).Select("orders").RowsOfTenant("orders", "tenant"))));
        }

        var app = builder.Build();
        app.Use((context, next) =>
        {
            var tenant = context.Request.Headers["X-Tenant"].ToString();
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", $"ada-of-{tenant}"), new Claim("tid", tenant)], "test"));
            return next();
        });
        app.UseLangGuard(options => options.ConversationId = context => context.Request.Headers["X-Conversation"].ToString());
        app.MapGet("/", async (HttpContext context) =>
        {
            var answers = await RunAsync(tools(context));
            await (after?.Invoke(context) ?? Task.CompletedTask);
            return string.Join('\n', answers);
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>The model asks for everything of both tenants, and passes the other one off as its own.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<AIFunction> tools)
    {
        var steps = new List<Step>
        {
            Step.Query("SELECT note FROM orders WHERE 1 = 1"),
            Step.Query("SELECT note FROM orders WHERE tenant = 'contoso' OR tenant = 'fabrikam'"),
            Step.Query("SELECT note FROM orders") with { Arguments = [("sql", "SELECT note FROM orders"), ("tenant_id", "fabrikam")] },
        };
        steps.AddRange(Tenants.SelectMany(tenant => new[] { Step.Read($"/tenants/{tenant}/plan.md"), Step.Read($"/tenants/{tenant}/../fabrikam/plan.md") }));
        using var model = new ScriptedModel([.. steps.Select(step => (Func<IReadOnlyList<string>, Step>)(_ => step))]);
        using var agent = model.AsBuilder().UseFunctionInvocation(configure: client =>
        {
            client.IncludeDetailedErrors = true;
            client.MaximumConsecutiveErrorsPerRequest = 1000;
        }).Build();
        await agent.GetResponseAsync([new ChatMessage(ChatRole.User, "Show me all orders.")], new ChatOptions { Tools = [.. tools] });
        return [.. model.Answers];
    }

    private string Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Data};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text, and in the control whatever the model wrote.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add($"{reader.GetValue(0)}");
        }

        return string.Join('\n', rows);
    }
}
