using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LangGuard.Data;
using LangGuard.Files;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Benchmarks;

/// <summary>What the misuse layers add to one decision: the same permissions without any of them, and with all of them over 4 KB of
/// the user's words. Each decision is on a new operation, as in a guard, so that nothing is remembered from the last one.</summary>
[MemoryDiagnoser]
public class MisuseBenchmarks
{
    private static readonly Principal Somebody = new("benchmark");
    private readonly string _root = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
    private Policy _policy = null!;
    private GuardSession _session = null!;
    private Func<Operation> _make = null!;

    [Params(Surface.Files, Surface.Http, Surface.Database, Surface.Functions)]
    public Surface Surface { get; set; }

    /// <summary>Whether the session has read untrusted content, so that targets and words are looked up.</summary>
    [Params(false, true)]
    public bool Tainted { get; set; }

    /// <summary>Whether the misuse layers are there.</summary>
    [Params(false, true)]
    public bool Layers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow
                .Files("kb", _root, files => files.Read("**"))
                .Http("GET https://api.example.com/v1/orders/{id} query page,q")
                .Database("shop", db => db.Select("orders"))
                .Function("send_mail", f => f.Does(Effects.Send).Any("to", "subject", "body")))
            .AnticipateMisuse(misuse => misuse
                .LimitUsage(usage => usage.Calls(long.MaxValue).BytesIn("1000000 GiB").BytesOut("1000000 GiB"))
                .LimitUsageOfPrincipal(usage => usage.Calls(long.MaxValue - 1))
                .DetectLoops(loops => loops.Repeats(128))
                .RequireApproval(approval => approval.ForDeletes())
                .TrackUntrustedContent(content => content.Targets("send_mail", "to").TrustEmailDomain("example.com"))
                .PlantCanaries(canaries => canaries.File("kb", "old/passwords.txt").Value("canary-4711-blue")))
            .DefendInDepth(defense => defense.RedactValues("correct-horse-7")));
        _policy = Layers
            ? policy
            : new Policy(policy.Name, policy.Options, policy.PermissionSets, [], policy.Dependencies);
        _session = GuardSession.Create(_policy, Somebody, new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
        _session.AddUserMessage(string.Join(' ', Enumerable.Range(0, 220).Select(i => $"word{i} about order {i}"))
            + " please mail bob@contoso.test that order A17 is on its way to Paris");
        if (Tainted)
        {
            _session.MarkUntrusted();
        }

        _make = Make();
        if (!Decide() || !Authorize())
        {
            throw new InvalidOperationException("The operation is not allowed as it should be.");
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _session.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>The votes alone.</summary>
    [Benchmark]
    public bool Decide() => _policy.Decide(_make(), _session).Kind == DecisionKind.Allow;

    /// <summary>The votes with counting, the permit and settling, as a guard does it.</summary>
    [Benchmark]
    public bool Authorize()
    {
        var answer = _session.TryAuthorize(_make());
        answer.Permit?.Complete(OperationOutcome.Success());
        return answer.IsAllowed;
    }

    /// <summary>The operation alone, which the others hold too.</summary>
    [Benchmark(Baseline = true)]
    public Operation Nothing() => _make();

    private Func<Operation> Make()
    {
        switch (Surface)
        {
            case Surface.Files:
                return () => new FileOperation(
                    Somebody, Effects.Read, new FileTarget("kb", "notes/today.md", "notes/today.md", FilePermissions.Read));
            case Surface.Http:
                var url = UrlCanonicalizer.Create(new Uri("https://api.example.com/v1/orders/A17?page=2&q=Paris"), out _)!;
                var message = new EgressRequest(HttpMethod.Get, url) { HasHeaders = true };
                message.Headers.TryAddWithoutValidation("Accept", "application/json");
                return () => new HttpOperation(Somebody, HttpVerbs.Get, url, message, null);
            case Surface.Database:
                var schema = new SqlSchema(SqlDialect.Sqlite, [new SqlTable("main", "orders", ["id", "total"])]);
                const string statement = "SELECT id, total FROM orders WHERE id = 17";
                var facts = SqlInspector.Inspect(statement, SqlDialect.Sqlite, schema).Facts!;
                return () => new DatabaseOperation(Somebody, "shop", statement, facts, "main", string.Empty);
            default:
                var arguments = JsonSerializer.SerializeToElement(
                    new { to = "bob@contoso.test", subject = "order A17", body = "The order A17 is on its way to Paris, it will be there soon." });
                return () => new FunctionOperation(Somebody, Effects.Send, "send_mail", arguments);
        }
    }
}
