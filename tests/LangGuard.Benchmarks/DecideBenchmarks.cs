using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LangGuard.Data;
using LangGuard.Files;

namespace LangGuard.Benchmarks;

/// <summary>One decision of a policy with all default layers, beside the number of its rules.</summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private static readonly Principal Somebody = new("benchmark");
    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();
    private readonly string _root = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
    private Policy _policy = null!;
    private GuardSession _session = null!;
    private Operation _allowed = null!;
    private Operation _denied = null!;

    [Params(Surface.Files, Surface.Http, Surface.Database, Surface.Functions)]
    public Surface Surface { get; set; }

    [Params(1, 100, 10_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _policy = Policy.Create(guard => guard.LimitPermissions(Grant));
        _session = GuardSession.Create(_policy, Somebody, new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
        (_allowed, _denied) = (Make(0), Make(-1));
        if (!Allow() || Deny())
        {
            throw new InvalidOperationException("The operations are not decided on as they should be.");
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _session.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Benchmark]
    public bool Allow() => _policy.Decide(_allowed, _session).Kind == DecisionKind.Allow;

    [Benchmark]
    public bool Deny() => _policy.Decide(_denied, _session).Kind == DecisionKind.Allow;

    private void Grant(PermissionsBuilder allow)
    {
        switch (Surface)
        {
            case Surface.Files:
                allow.Files("kb", _root, files =>
                {
                    for (var i = 0; i < Rules; i++)
                    {
                        files.Read($"area{i}/**");
                    }
                });
                break;
            case Surface.Http:
                for (var i = 0; i < Rules; i++)
                {
                    allow.Http($"GET https://host{i}.example.com/v1/orders/{{id:int}}");
                }

                break;
            case Surface.Database:
                allow.Database("shop", db =>
                {
                    for (var i = 0; i < Rules; i++)
                    {
                        db.Select($"table{i}");
                    }
                });
                break;
            default:
                for (var i = 0; i < Rules; i++)
                {
                    allow.Function($"function{i}", function => function.OnlyReads());
                }

                break;
        }
    }

    /// <summary>An operation under the rule of a number; there is no rule -1.</summary>
    private Operation Make(int rule)
    {
        switch (Surface)
        {
            case Surface.Files:
                var name = $"area{rule}/notes/today.md";
                return new FileOperation(Somebody, Effects.Read, new FileTarget("kb", name, name, FilePermissions.Read));
            case Surface.Http:
                return new HttpOperation(Somebody, Effects.Read, "GET", new Uri($"https://host{rule}.example.com/v1/orders/42"));
            case Surface.Database:
                var table = rule < 0 ? "other" : $"table{rule}";
                var schema = new SqlSchema(SqlDialect.Sqlite, [new SqlTable("main", table, ["id", "total"])]);
                var statement = $"SELECT id, total FROM {table} WHERE id = 1";
                return new DatabaseOperation(
                    Somebody, "shop", statement, SqlInspector.Inspect(statement, SqlDialect.Sqlite, schema).Facts!, "main", string.Empty);
            default:
                return new FunctionOperation(Somebody, Effects.Read, $"function{rule}", NoArguments);
        }
    }
}
