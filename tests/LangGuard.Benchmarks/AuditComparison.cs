using System.Diagnostics;
using System.Globalization;
using LangGuard.Auditing;
using LangGuard.Permissions;

namespace LangGuard.Benchmarks;

/// <summary>What the audit adds to an operation, measured beside the same operation without one. Batches are short and alternate,
/// and the fastest of each side counts: on a busy machine that is one that nobody interrupted.</summary>
internal static class AuditComparison
{
    private const int Each = 100;
    private const int Callers = 64;
    private const int Rounds = 60;
    private static readonly DirectoryInfo Root = Directory.CreateTempSubdirectory("langguard-bench-root-");

    public static async Task<int> RunAsync(int batches, int durableEach)
    {
        var folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        try
        {
            Operations(folder, batches);
            await DurableAsync(folder, durableEach);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Root.Delete();
        }
    }

    private static void Operations(string folder, int batches)
    {
        (string Name, Action<DefenseBuilder> Audit)[] modes =
        [
            ("none", _ => { }),
            ("best effort", defense => defense.Audit(audit => audit.ToFile(Path.Combine(folder, "best")).UnguardedBestEffort())),
            ("write-ahead", defense => defense.Audit(audit => audit.ToFile(Path.Combine(folder, "ahead")))),
        ];
        var sessions = modes.Select(mode => Open(mode.Audit)).ToList();
        var operation = Operation(sessions[0].Principal, Effects.Read, FilePermissions.Read);
        var fastest = new double[modes.Length];
        var bytes = new double[modes.Length];
        Array.Fill(fastest, double.MaxValue);
        Array.Fill(bytes, double.MaxValue);
        for (var batch = -batches; batch < batches; batch++)
        {
            for (var i = 0; i < modes.Length; i++)
            {
                var (time, allocated) = Batch(sessions[i], operation);
                if (batch >= 0)
                {
                    fastest[i] = Math.Min(fastest[i], time);
                    bytes[i] = Math.Min(bytes[i], allocated);
                }
            }
        }

        Console.WriteLine("| audit | authorize and complete | the audit adds | allocated more |");
        Console.WriteLine("|-------|-----------------------:|---------------:|---------------:|");
        for (var i = 0; i < modes.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {modes[i].Name} | {fastest[i]:F2} us | {fastest[i] - fastest[0]:F2} us | {bytes[i] - bytes[0]:F0} B |"));
            sessions[i].Dispose();
        }
    }

    private static (double Microseconds, double Bytes) Batch(GuardSession session, Operation operation)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Each; i++)
        {
            using var permit = session.Authorize(operation);
            permit.Complete(OperationOutcome.Success(bytesIn: 4096));
        }

        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Each;
        return (time, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Each);
    }

    /// <summary>Every caller waits for its record to be on the disk before it goes on.</summary>
    private static async Task DurableAsync(string folder, int each)
    {
        Console.WriteLine();
        Console.WriteLine("| 64 callers, durable | the fastest round | the median round | wait in the fastest |");
        Console.WriteLine("|---------------------|------------------:|-----------------:|--------------------:|");
        using var session = Open(_ => { });
        var operation = Operation(session.Principal, Effects.Delete, FilePermissions.Delete);
        var record = new AuditRecord(
            AuditPhase.Decision, DateTimeOffset.UnixEpoch, 1, session, operation,
            Decision.Allow(new FunctionGrant(trusted: true)), default)
        {
            Policy = session.Policy,
        };
        using var file = new AuditFile(new AuditOptions { Folder = Path.Combine(folder, "durable") });
        await CallAsync(async () => await file.WriteAsync(record, CancellationToken.None), each / 4);
        Print("the sink alone", [.. await RoundsAsync(() => file.WriteAsync(record, CancellationToken.None), each)]);
        using var audited = Open(defense => defense.Audit(audit => audit.ToFile(Path.Combine(folder, "operations"))));
        Print("whole operations, intent and outcome",
            [.. await RoundsAsync(() => OperateAsync(audited, operation), each)]);
        Print("the same without audit", [.. await RoundsAsync(() => OperateAsync(session, operation), each)]);
    }

    private static async ValueTask OperateAsync(GuardSession session, Operation operation)
    {
        using var permit = await session.AuthorizeAsync(operation);
        permit.Complete(OperationOutcome.Success());
    }

    private static async Task<List<double>> RoundsAsync(Func<ValueTask> call, int each)
    {
        var rounds = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await CallAsync(call, each);
            rounds.Add(Callers * each / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return rounds;
    }

    private static Task CallAsync(Func<ValueTask> call, int each) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                await call();
            }
        })));

    private static void Print(string what, double[] rates)
    {
        Array.Sort(rates);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {rates[^1]:N0}/s | {rates[rates.Length / 2]:N0}/s | {Callers / rates[^1] * 1e6:F0} us |"));
    }

    private static FileOperation Operation(Principal principal, Effects effects, FilePermissions permissions) =>
        new(principal, effects, new FileTarget("kb", "notes/today.md", "notes/today.md", permissions));

    private static GuardSession Open(Action<DefenseBuilder> configure)
    {
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Files("kb", Root.FullName, files => files.Read("**").Delete("**").Limit(limits =>
                limits.SessionReadBytes = limits.SessionWriteBytes = limits.SessionFiles = long.MaxValue / 4)))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(int.MaxValue)))
            .DefendInDepth(configure));
        return GuardSession.Create(policy, new Principal("alice", "contoso"), new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
    }
}
