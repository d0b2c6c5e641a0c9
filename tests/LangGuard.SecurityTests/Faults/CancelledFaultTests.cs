using LangGuard.Auditing;
using LangGuard.Misuse;
using LangGuard.Sqlite.Auditing;

namespace LangGuard.SecurityTests.Faults;

/// <summary>Parts that cancel by themselves, and parts that fail while the caller gives up; and a clock of the host's own that fails.</summary>
public sealed class CancelledFaultTests
{
    private const string Details = "Server=db;Password=hunter2 at /srv/secret";

    [Theory]
    [InlineData("sink")]
    [InlineData("approver")]
    [InlineData("approvals")]
    public async Task What_fails_while_the_caller_gives_up_tells_nothing_and_gives_back_what_was_reserved(string part)
    {
        foreach (var failure in new Exception[] { new InvalidOperationException(Details), new OperationCanceledException(Details), new IOException(Details) })
        {
            using var cancel = new CancellationTokenSource();
            var (settled, calls) = (0, 0);
            var records = new List<AuditRecord>();
            using var session = FaultWorld.Session(policy =>
            {
                policy.AddLayer(new FaultWorld.Misuse
                {
                    OnReserve = () => Objection.None,
                    OnSettle = () => settled++,
                    OnReview = () => part == "sink" ? Objection.None : Objection.Ask(new Reason("test.ask", "Ask.")),
                });
                policy.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(
                    records.Add,
                    _ =>
                    {
                        if (part != "sink")
                        {
                            return ValueTask.CompletedTask;
                        }

                        cancel.Cancel();
                        throw failure;
                    })));
                policy.AnticipateMisuse(misuse => misuse.RequireApproval(approval =>
                {
                    approval.KeepIn(new Store(() =>
                    {
                        if (part == "approvals" && ++calls == 3)
                        {
                            cancel.Cancel();
                            throw failure;
                        }
                    }));
                    approval.By(new FaultWorld.Approver(_ =>
                    {
                        cancel.Cancel();
                        throw failure;
                    }));
                }));
            });

            Exception? seen = null;
            var isAllowed = false;
            try
            {
                isAllowed = (await session.TryAuthorizeAsync(FaultWorld.Call(), cancel.Token)).IsAllowed;
            }
            catch (Exception exception)
            {
                seen = exception;
            }

            isAllowed.Should().BeFalse();
            cancel.IsCancellationRequested.Should().BeTrue("the part was reached");
            seen?.Should().BeAssignableTo<OperationCanceledException>();
            $"{seen}".Should().NotContainAny("hunter2", "/srv/secret");
            settled.Should().Be(1);
            records.Should().NotBeEmpty("it stands in the audit that it was asked for").And.NotContain(record =>
                record.Phase == AuditPhase.Outcome && record.Outcome.Status == OutcomeStatus.Succeeded);
        }
    }

    [Theory]
    [InlineData("throws", "file")]
    [InlineData("throws", "table")]
    [InlineData("is cancelled", "file")]
    [InlineData("is cancelled", "table")]
    [InlineData("goes back", "file")]
    [InlineData("goes back", "table")]
    [InlineData("stands still", "file")]
    [InlineData("stands still", "table")]
    [InlineData("jumps to its end", "file")]
    [InlineData("jumps to its end", "table")]
    public async Task A_clock_that_fails_leaves_no_effect_unrecorded_and_no_host_that_ends(string how, string place)
    {
        var folder = Directory.CreateTempSubdirectory("langguard-clock-");
        try
        {
            var clock = new Clock(how);
            var effects = 0;
            Permit? open;
            using (var session = FaultWorld.Session(policy => policy
                .UseTimeProvider(clock)
                .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(1000)).DetectLoops(_ => { }))
                .DefendInDepth(defense => defense.Audit(audit => _ = place == "file"
                    ? audit.ToFile(Path.Combine(folder.FullName, "audit"))
                    : SqliteAudit.ToSqlite(audit, Path.Combine(folder.FullName, "audit.db"))))))
            {
                effects += await FaultWorld.ActAsync(session);
                effects.Should().Be(2);
                open = session.TryAuthorize(FaultWorld.Call(Effects.Read)).Permit;
                effects++;
                clock.IsBroken = true;
                for (var i = 0; i < 5; i++)
                {
                    try
                    {
                        effects += await FaultWorld.ActAsync(session);
                    }
                    catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
                    {
                        // Denied in the clock's own words; nothing has happened.
                    }
                }

                open.Invoking(permit => permit!.Complete(OperationOutcome.Success())).Should().NotThrow("the effect has happened");
                ((IDisposable)session.Policy.AuditSinks.Single()).Dispose();
            }

            var intents = Intents(folder.FullName, place);
            intents.Should().BeGreaterThanOrEqualTo(effects);
            var isIntact = place == "file"
                ? AuditVerifier.Verify(Path.Combine(folder.FullName, "audit")).IsIntact
                : SqliteAudit.Verify(Path.Combine(folder.FullName, "audit.db"), new AuditTrust()).Findings.All(finding => finding.Kind is AuditFindingKind.UntrustedCheckpoint or AuditFindingKind.ClockWentBack);
            isIntact.Should().BeTrue();
            (effects > 3).Should().Be(how is "goes back" or "stands still", "a clock that answers sensibly denies nothing");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Intents(string folder, string place)
    {
        var intents = 0;
        void Count(string text) =>
            intents += text.Contains("\"phase\":\"decision\"", StringComparison.Ordinal) && text.Contains("\"decision\":\"Allow\"", StringComparison.Ordinal) ? 1 : 0;
        if (place == "file")
        {
            new AuditReader().Read(AuditFolder.SegmentsOf(Path.Combine(folder, "audit")), (_, _, payload) => Count(System.Text.Encoding.UTF8.GetString(payload)));
        }
        else
        {
            using var table = new SqliteAuditTable(Path.Combine(folder, "audit.db"));
            table.OpenToRead();
            table.Read(0, long.MaxValue, row => Count(System.Text.Encoding.UTF8.GetString(row.Record)));
        }

        return intents;
    }

    /// <summary>The system's clock until it breaks.</summary>
    private sealed class Clock(string how) : TimeProvider
    {
        private readonly DateTimeOffset _start = System.GetUtcNow();
        private readonly long _stamp = System.GetTimestamp();

        internal volatile bool IsBroken;

        public override DateTimeOffset GetUtcNow() => !IsBroken ? System.GetUtcNow() : how switch
        {
            "throws" => throw new InvalidOperationException("no time"),
            "is cancelled" => throw new OperationCanceledException("no time"),
            "goes back" => _start.AddDays(-1),
            "stands still" => _start,
            _ => DateTimeOffset.MaxValue,
        };

        public override long GetTimestamp() => !IsBroken ? System.GetTimestamp() : how switch
        {
            "throws" => throw new InvalidOperationException("no time"),
            "is cancelled" => throw new OperationCanceledException("no time"),
            "goes back" => _stamp - 1_000_000,
            "stands still" => _stamp,
            _ => long.MaxValue,
        };
    }

    private sealed class Store(Action call) : IApprovalStore
    {
        private readonly InMemoryApprovalStore _inner = new();

        public bool TryAdd(ApprovalEntry entry, int mostOpen, DateTimeOffset now)
        {
            call();
            return _inner.TryAdd(entry, mostOpen, now);
        }

        public IReadOnlyList<ApprovalEntry> Open(string scope, DateTimeOffset now)
        {
            call();
            return _inner.Open(scope, now);
        }

        public bool TryChange(string id, ApprovalState from, ApprovalState to, DateTimeOffset now)
        {
            call();
            return _inner.TryChange(id, from, to, now);
        }
    }
}
