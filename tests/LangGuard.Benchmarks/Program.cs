using BenchmarkDotNet.Running;
using LangGuard.Benchmarks;

switch (args)
{
    case [HttpServerProcess.Argument]:
        return await HttpServerProcess.ServeAsync();
    case ["http-requests", .. var rest]:
        return await HttpRequestBenchmark.RunAsync(
            rest.Length > 0 ? int.Parse(rest[0]) : 120, rest.Length > 1 ? int.Parse(rest[1]) : 700, rest.Length > 2 ? rest[2] : "default");
    case ["files", .. var rest]:
        return FilesComparison.Run(rest.Length > 0 ? int.Parse(rest[0]) : 300);
    case ["database", .. var rest]:
        return DatabaseComparison.Run(rest.Length > 0 ? int.Parse(rest[0]) : 200);
    case ["audit", .. var rest]:
        return await AuditComparison.RunAsync(
            rest.Length > 0 ? int.Parse(rest[0]) : 2_000, rest.Length > 1 ? int.Parse(rest[1]) : 200);
    case ["misuse-fastest"]:
        return MisuseFastest.Run();
    case ["http-fastest"]:
        return await HttpFastest.RunAsync();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
