using LangGuard.Auditing;
using LangGuard.Permissions;

namespace LangGuard.Benchmarks;

/// <summary>A whole operation, from the question to its outcome, with and without an audit file.</summary>
internal static class AuditComparisons
{
    private const int Callers = 64;
    private const int Each = 50;

    public static IEnumerable<Comparison> All() =>
    [
        new("audit", "buffered (`UnguardedBestEffort`)", null, () =>
            Open(defense => folder => defense.Audit(audit => audit.ToFile(folder).UnguardedBestEffort()))),
        new("audit", "write-ahead", Aim.WriteAhead, () => Open(defense => folder => defense.Audit(audit => audit.ToFile(folder)))),
        new("audit", "3,200 durable records of 64 callers (150,000/s)", new Aim(Nanoseconds: Callers * Each / 150_000.0 * 1e9), OpenDurable),
    ];

    private static Pair Open(Func<DefenseBuilder, Action<string>> audit)
    {
        var folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var (without, with) = (Session(folder, _ => { }), Session(folder, defense => audit(defense)(Path.Combine(folder, "audit"))));
        var operation = Operation(Effects.Read, FilePermissions.Read);
        return new Pair(() => Operate(without), () => Operate(with), () =>
        {
            without.Dispose();
            with.Dispose();
            Directory.Delete(folder, recursive: true);
        });

        void Operate(GuardSession session)
        {
            using var permit = session.Authorize(operation);
            permit.Complete(OperationOutcome.Success(bytesIn: 4096));
        }
    }

    /// <summary>Every caller waits for its record to be on the disk before it goes on.</summary>
    private static Pair OpenDurable()
    {
        var folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var session = Session(folder, _ => { });
        var operation = Operation(Effects.Delete, FilePermissions.Delete);
        var record = new AuditRecord(
            AuditPhase.Decision, DateTimeOffset.UnixEpoch, 1, session, operation, Decision.Allow(new FunctionGrant(trusted: true)), default)
        {
            Policy = session.Policy,
        };
        var file = new AuditFile(new AuditOptions { Folder = Path.Combine(folder, "durable") });
        return new Pair(null, new Work(() => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(WriteAsync)))), () =>
        {
            file.Dispose();
            session.Dispose();
            Directory.Delete(folder, recursive: true);
        });

        async Task WriteAsync()
        {
            for (var i = 0; i < Each; i++)
            {
                await file.WriteAsync(record, CancellationToken.None);
            }
        }
    }

    private static FileOperation Operation(Effects effects, FilePermissions permissions) =>
        new(new Principal("alice", "contoso"), effects, new FileTarget("kb", "notes/today.md", "notes/today.md", permissions));

    private static GuardSession Session(string folder, Action<DefenseBuilder> audit)
    {
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Files("kb", Directory.CreateDirectory(Path.Combine(folder, "root")).FullName, files => files
                .Read("**").Delete("**").Limit(limits =>
                    limits.SessionReadBytes = limits.SessionWriteBytes = limits.SessionFiles = long.MaxValue / 4)))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(long.MaxValue).BytesIn("1000000 GiB")))
            .DefendInDepth(audit));
        return GuardSession.Create(policy, new Principal("alice", "contoso"), new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
    }
}
