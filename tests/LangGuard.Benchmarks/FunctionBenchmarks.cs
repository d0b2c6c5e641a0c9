using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.Benchmarks;

/// <summary>One call of a function with one text argument: bare, and under all default layers.</summary>
[MemoryDiagnoser]
public class FunctionBenchmarks
{
    private readonly AIFunction _bare = AIFunctionFactory.Create((string key) => key.Length, "look_up");
    private readonly AIFunctionArguments _plain = new() { ["key"] = "orders" };
    private readonly AIFunctionArguments _json = new() { ["key"] = JsonSerializer.SerializeToElement("orders") };
    private GuardSession _session = null!;
    private AIFunction _guarded = null!;

    /// <summary>Whether the argument is JSON, as from a model, or text.</summary>
    [Params(false, true)]
    public bool Json { get; set; }

    /// <summary>Makes the session; its quotas are high enough for a benchmark.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Function("look_up", f => f.OnlyReads().Any("key")))
            .AnticipateMisuse(misuse => misuse
                .LimitUsage(usage => usage.Calls(long.MaxValue).BytesIn("1000000 GiB"))));
        _session = GuardSession.Create(policy, new Principal("alice"));
        _guarded = _session.Guard(_bare);

        // A denied call would be measured as a fast one.
        for (var i = 0; i < 1_000; i++)
        {
            var result = Guarded().AsTask().GetAwaiter().GetResult();
            if (result is JsonElement { ValueKind: JsonValueKind.Object } denied)
            {
                throw new InvalidOperationException(denied.GetRawText());
            }
        }
    }

    /// <summary>The function.</summary>
    [Benchmark(Baseline = true)]
    public ValueTask<object?> Bare() => _bare.InvokeAsync(Json ? _json : _plain);

    /// <summary>The function behind its guard.</summary>
    [Benchmark]
    public ValueTask<object?> Guarded() => _guarded.InvokeAsync(Json ? _json : _plain);

    /// <summary>Ends the session.</summary>
    [GlobalCleanup]
    public void Cleanup() => _session.Dispose();
}
