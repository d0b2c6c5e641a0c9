using BenchmarkDotNet.Attributes;

namespace LangGuard.Benchmarks;

/// <summary>The decision of the endpoint rules on an operation, and the making of the operation.</summary>
[MemoryDiagnoser]
public class HttpDecisionBenchmark
{
    private static readonly Principal Somebody = new("benchmark");
    private PermissionLayer _layer = null!;
    private HttpOperation _allowed = null!;
    private HttpOperation _denied = null!;
    private HttpOperation _encoded = null!;
    private Uri _url = null!;

    [Params(1, 100, 10_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow =>
        {
            for (var i = 0; i < Rules; i++)
            {
                allow.Http(i % 2 == 0
                    ? $"GET https://host{i}.example.com/v1/orders/{{id:int}}"
                    : $"GET https://host0.example.com/area{i}/**");
            }
        }));
        _layer = policy.PermissionSets[0].Layers.Single(layer => layer.Covers(Surface.Http) && !layer.Covers(Surface.Files));
        _url = new Uri("https://host0.example.com/v1/orders/42");
        _allowed = Operation("https://host0.example.com/v1/orders/42");
        _denied = Operation("https://evil.example.com/v1/orders/42");
        _encoded = Operation("https://host0.example.com/v1/orders/4%32%20");
    }

    [Benchmark(Baseline = true)]
    public Decision Allow() => _layer.Decide(_allowed);

    [Benchmark]
    public Decision Deny() => _layer.Decide(_denied);

    [Benchmark]
    public Decision EncodedPath() => _layer.Decide(_encoded);

    [Benchmark]
    public HttpOperation MakeOperation() => new(Somebody, Effects.Read, "GET", _url);

    private static HttpOperation Operation(string url) => new(Somebody, Effects.Read, "GET", new Uri(url));
}
