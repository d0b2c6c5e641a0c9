using BenchmarkDotNet.Attributes;
using LangGuard.Auditing;

namespace LangGuard.Benchmarks;

/// <summary>What the audit adds to an operation: an intent before it and an outcome after it.</summary>
[MemoryDiagnoser]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Closed by the cleanup of the benchmark.")]
public class AuditBenchmarks
{
    private const int Callers = 64;
    private const int Each = 1_000;

    private string _folder = string.Empty;
    private AuditFile _file = null!;
    private GuardSession _session = null!;
    private AuditRecord _intent;
    private AuditRecord _outcome;
    private AuditRecord _durable;

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        _file = new AuditFile(new AuditOptions { Folder = Path.Combine(_folder, "audit") });
        var principal = new Principal("alice", "contoso");
        _session = GuardSession.Create(Policy.Create(_ => { }), principal);
        var grant = new Permissions.FunctionGrant(trusted: true);
        var read = new FileOperation(
            principal, Effects.Read, new FileTarget("kb", "notes/today.md", "notes/today.md", FilePermissions.Read));
        var delete = new FileOperation(
            principal, Effects.Delete, new FileTarget("kb", "notes/today.md", "notes/today.md", FilePermissions.Delete));
        _intent = Record(AuditPhase.Decision, read, grant);
        _outcome = Record(AuditPhase.Outcome, read, grant);
        _durable = Record(AuditPhase.Decision, delete, grant);
    }

    [GlobalCleanup]
    public void Close()
    {
        _file.Dispose();
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Description = "write ahead: intent and outcome")]
    public void WriteAhead()
    {
        _file.Write(_intent);
        _file.Write(_outcome);
    }

    [Benchmark(Description = "durable: one intent, 64 callers", OperationsPerInvoke = Callers * Each)]
    public async Task Durable() => await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < Each; i++)
        {
            await _file.WriteAsync(_durable, CancellationToken.None);
        }
    })));

    private AuditRecord Record(AuditPhase phase, Operation operation, Grant grant) => new(
        phase, DateTimeOffset.UnixEpoch, 1, _session, operation, Decision.Allow(grant),
        OperationOutcome.Success(bytesIn: 4096))
    {
        Policy = _session.Policy,
    };
}
