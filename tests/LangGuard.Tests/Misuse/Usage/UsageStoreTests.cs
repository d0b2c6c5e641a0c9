using LangGuard.Auditing;
using LangGuard.Misuse;
using LangGuard.Sqlite;
using LangGuard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Misuse.Usage;

/// <summary>Quotas that hosts share. Each store stands under the same tests.</summary>
public sealed class UsageStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("usage");
    private readonly List<IDisposable> _open = [];
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private IUsageStore? _memory;

    public static TheoryData<string> Stores => new() { "memory", "sqlite" };

    public void Dispose()
    {
        _open.ForEach(one => one.Dispose());
        _folder.Delete(recursive: true);
    }

    /// <summary>As another host sees the store: the same object in memory, a connection of its own to the same file.</summary>
    private IUsageStore Host(string name)
    {
        if (name == "memory")
        {
            return _memory ??= new InMemoryUsageStore();
        }

        _open.Add(new SqliteUsageStore(Path.Combine(_folder.FullName, "usage.db")));
        return (IUsageStore)_open[^1];
    }

    private GuardSession SessionOf(
        IUsageStore store, Action<UsageBuilder> usage, Principal? principal = null, TimeProvider? clock = null, string agent = "support",
        IAuditSink? sink = null)
    {
        var session = GuardSession.Create(
            Policy.Create(
                policy =>
                {
                    policy.AddLayer(TestLayer.AllowAll()).UseTimeProvider(clock ?? _clock)
                        .AnticipateMisuse(misuse => misuse.LimitUsageOfPrincipal(usage).KeepUsageIn(store));
                    if (sink is not null)
                    {
                        policy.DefendInDepth(defense => defense.Audit(sink));
                    }
                },
                agent),
            principal ?? Operations.Alice);
        _open.Insert(0, session);
        return session;
    }

    private static string? RuleOf(Authorization answer) => answer.Decision.Reason?.Rule;

    private static string? Run(GuardSession session, OperationOutcome? outcome = null)
    {
        var answer = session.TryAuthorize(Operations.Call("f", principal: session.Principal));
        answer.Permit?.Complete(outcome ?? OperationOutcome.Success());
        return RuleOf(answer);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Two_hosts_under_64_threads_let_exactly_the_quota_through(string name)
    {
        var sessions = new[] { Host(name), Host(name) }
            .Select(store => SessionOf(store, u => u.Calls(500).Concurrency(64), clock: TimeProvider.System)).ToArray();
        var allowed = 0;
        var rules = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var threads = Enumerable.Range(0, 64).Select(number => new Thread(() =>
        {
            for (var i = 0; i < 16; i++)
            {
                if (Run(sessions[number % 2]) is { } rule)
                {
                    rules.AddOrUpdate(rule, 1, (_, count) => count + 1);
                }
                else
                {
                    Interlocked.Increment(ref allowed);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        rules.Keys.Should().BeEquivalentTo("usage.calls");
        allowed.Should().Be(500);
        rules["usage.calls"].Should().Be((64 * 16) - 500);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Never_more_than_the_quota_runs_at_the_same_time_on_two_hosts(string name)
    {
        var sessions = new[] { Host(name), Host(name) }
            .Select(store => SessionOf(store, u => u.Concurrency(3), clock: TimeProvider.System)).ToArray();
        int running = 0, most = 0;
        var threads = Enumerable.Range(0, 16).Select(number => new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var answer = sessions[number % 2].TryAuthorize(Operations.Call("f"));
                if (answer.IsAllowed)
                {
                    var now = Interlocked.Increment(ref running);
                    int seen;
                    while ((seen = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, seen) != seen)
                    {
                    }

                    Interlocked.Decrement(ref running);
                    answer.Permit.Complete(OperationOutcome.Success());
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        most.Should().BeInRange(1, 3);
        Run(sessions[0]).Should().BeNull("everything was settled");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_quota_is_one_principals_of_one_agent_on_all_hosts(string name)
    {
        Run(SessionOf(Host(name), u => u.Calls(1))).Should().BeNull();
        Run(SessionOf(Host(name), u => u.Calls(1))).Should().Be("usage.calls");
        Run(SessionOf(Host(name), u => u.Calls(1), new Principal("bob", "contoso"))).Should().BeNull();
        Run(SessionOf(Host(name), u => u.Calls(1), new Principal("alice", "fabrikam"))).Should().BeNull();
        Run(SessionOf(Host(name), u => u.Calls(1), new Principal("alice"))).Should().BeNull();
        Run(SessionOf(Host(name), u => u.Calls(1), agent: "sales")).Should().BeNull();
    }

    [Fact]
    public void Without_a_store_each_session_that_no_host_keeps_counts_for_itself()
    {
        Policy Make() => Policy.Create(p => p.AddLayer(TestLayer.AllowAll()).AnticipateMisuse(misuse => misuse.LimitUsageOfPrincipal(u => u.Calls(1))));
        using var first = GuardSession.Create(Make(), Operations.Alice);
        using var second = GuardSession.Create(Make(), Operations.Alice);
        Run(first).Should().BeNull();
        Run(second).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void What_is_used_on_one_host_is_settled_for_the_other(string name)
    {
        var first = SessionOf(Host(name), u => u.BytesIn("1 KiB").Rows(10).BytesOut("1 KiB").Time(TimeSpan.FromMinutes(1)));
        var second = SessionOf(Host(name), u => u.BytesIn("1 KiB").Rows(10).BytesOut("1 KiB").Time(TimeSpan.FromMinutes(1)));
        Run(first, OperationOutcome.Success(bytesIn: 1_000, bytesOut: 1_000, rows: 9)).Should().BeNull();
        Run(second, OperationOutcome.Success(rows: 1)).Should().BeNull();
        Run(first).Should().Be("usage.rows");
        Run(SessionOf(Host(name), u => u.BytesOut("1000"))).Should().Be("usage.bytes-out");
        Run(SessionOf(Host(name), u => u.BytesIn("1000"))).Should().Be("usage.bytes-in");
        var slow = SessionOf(Host(name), u => u.Time(TimeSpan.FromMinutes(1)));
        var permit = slow.Authorize(Operations.Call("f"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Run(SessionOf(Host(name), u => u.Time(TimeSpan.FromMinutes(1)))).Should().Be("usage.time", "what still runs counts");
        permit.Complete(OperationOutcome.Success());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Run(SessionOf(Host(name), u => u.Time(TimeSpan.FromMinutes(1)))).Should().Be("usage.time");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_period_ends_for_all_hosts_and_leaves_what_runs_counted(string name)
    {
        var first = SessionOf(Host(name), u => u.Calls(2).Concurrency(1).Per(TimeSpan.FromHours(1)));
        var second = SessionOf(Host(name), u => u.Calls(2).Concurrency(1).Per(TimeSpan.FromHours(1)));
        Run(first).Should().BeNull();
        var running = first.Authorize(Operations.Call("f"));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Run(second).Should().Be("usage.calls");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Run(second).Should().Be("usage.concurrency");
        running.Complete(OperationOutcome.Success());
        Run(second).Should().BeNull();
        Run(first).Should().Be("usage.calls");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void What_a_host_that_is_gone_had_reserved_counts_as_used_and_runs_no_more(string name)
    {
        var store = Host(name);
        var now = _clock.GetUtcNow();
        var left = new UsageReservation("left", "scope", 700, null, now.AddHours(1));
        store.Reserve(left, now).Should().BeEquivalentTo(
            new { Calls = 1L, Running = 1L, ReservedOut = 700L, BytesOut = 0L, Time = TimeSpan.Zero });
        var again = Host(name).Reserve(new UsageReservation("next", "scope", 1, null, now.AddHours(9)), now.AddHours(2));
        again.Should().BeEquivalentTo(
            new { Calls = 2L, Running = 1L, ReservedOut = 1L, BytesOut = 700L, Time = TimeSpan.FromHours(1) });

        // It was not gone after all: only what goes beyond its reservation is left to count.
        store.Settle(left, OperationOutcome.Success(bytesIn: 5, bytesOut: 1_000, rows: 3), now.AddHours(3));
        store.Reserve(new UsageReservation("last", "scope", 0, null, now.AddHours(9)), now.AddHours(3)).Should().BeEquivalentTo(
            new { Calls = 3L, Running = 2L, ReservedOut = 1L, BytesOut = 1_000L, BytesIn = 5L, Rows = 3L, Time = TimeSpan.FromHours(2) });
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Numbers_at_the_top_do_not_run_over(string name)
    {
        var store = Host(name);
        var now = _clock.GetUtcNow();
        for (var i = 0; i < 4; i++)
        {
            var reservation = new UsageReservation($"{i}", "scope", long.MaxValue, null, now.AddHours(1));
            store.Reserve(reservation, now);
            store.Settle(reservation, OperationOutcome.Success(long.MaxValue, long.MaxValue, long.MaxValue), now);
            store.Reserve(reservation with { Id = $"left{i}" }, now);
        }

        var totals = store.Reserve(new UsageReservation("last", "scope", long.MaxValue, null, DateTimeOffset.MaxValue), now.AddHours(2));
        totals.BytesOut.Should().BeGreaterThan(1L << 60);
        totals.BytesIn.Should().BeGreaterThan(1L << 60);
        totals.Rows.Should().BeGreaterThan(1L << 60);
        totals.ReservedOut.Should().BePositive();
    }

    [Fact]
    public void A_full_store_in_memory_denies_until_a_period_is_over()
    {
        var store = new InMemoryUsageStore(capacity: 1);
        var now = _clock.GetUtcNow();
        var first = new UsageReservation("a", "alice", 0, TimeSpan.FromHours(1), now.AddHours(1));
        store.Reserve(first, now);
        store.Settle(first, default, now);
        var other = () => store.Reserve(new UsageReservation("b", "bob", 0, TimeSpan.FromHours(1), now.AddHours(3)), _clock.GetUtcNow());
        other.Should().Throw<InvalidOperationException>();
        _clock.Advance(TimeSpan.FromHours(1));
        other.Should().NotThrow();
    }

    [Fact]
    public void A_store_in_a_file_outlives_its_process()
    {
        var store = new SqliteUsageStore(Path.Combine(_folder.FullName, "usage.db"));
        Run(SessionOf(store, u => u.Calls(1))).Should().BeNull();
        store.Dispose();
        Run(SessionOf(Host("sqlite"), u => u.Calls(1))).Should().Be("usage.calls");
        Run(SessionOf(store, u => u.Calls(100))).Should().Be("usage.store", "a closed store counts nothing");
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    public void A_store_that_fails_denies_with_a_record_and_works_again_afterwards(string how)
    {
        using var gate = new ManualResetEventSlim();
        var store = new FlakyStore(new InMemoryUsageStore());
        var sink = new Records();
        var session = SessionOf(store, u => u.Calls(100), sink: sink);
        Run(session).Should().BeNull();

        store.OnReserve = () => Fail(how, gate);
        var effects = session.TryAuthorize(Operations.Call("f"));
        effects.IsAllowed.Should().BeFalse();
        RuleOf(effects).Should().Be("usage.store");
        sink.All.Should().ContainSingle(record => record.Decision.Reason != null && record.Decision.Reason.Rule == "usage.store"
            && record.Decision.Kind == DecisionKind.Deny);

        store.OnReserve = null;
        gate.Set();
        Run(session).Should().BeNull();
        SpinWait.SpinUntil(() => store.Settled == store.Reserved, TimeSpan.FromSeconds(30)).Should()
            .BeTrue("what was reserved for a caller that had given up is given back");
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    public void A_store_that_fails_to_settle_forgets_nothing(string how)
    {
        using var gate = new ManualResetEventSlim();
        var store = new FlakyStore(new InMemoryUsageStore());
        var session = SessionOf(store, u => u.BytesIn("1000"));
        store.OnSettle = () => Fail(how, gate);
        var permit = session.Authorize(Operations.Call("f"));
        permit.Complete(OperationOutcome.Success(bytesIn: 1_000));
        Run(session).Should().Be("usage.store", "what was used before is not counted yet");
        store.OnSettle = null;
        gate.Set();
        SpinWait.SpinUntil(() => Run(session) == "usage.bytes-in", TimeSpan.FromSeconds(30)).Should().BeTrue();
    }

    [Fact]
    public void One_operation_that_runs_twice_at_once_reserves_twice_and_settles_twice()
    {
        var store = new FlakyStore(new InMemoryUsageStore());
        var session = SessionOf(store, u => u.Concurrency(2));
        var operation = Operations.Call("f");
        var first = session.Authorize(operation);
        var second = session.Authorize(operation);
        RuleOf(session.TryAuthorize(operation)).Should().Be("usage.concurrency");
        first.Complete(OperationOutcome.Success());
        second.Complete(OperationOutcome.Success());
        store.Settled.Should().Be(3);
        Run(session).Should().BeNull();
    }

    [Fact]
    public void Hosts_register_the_store_and_configure_the_quota()
    {
        GuardSession Start()
        {
            var root = Configurations.FromJson("""
                { "LangGuard": { "Agents": { "support": {
                  "LimitPermissions": { "Functions": { "f": { "Effects": "Read" } } },
                  "AnticipateMisuse": { "LimitUsage": { "Principal": { "Calls": 2, "Period": "1.00:00:00" } } } } } } }
                """);
            var services = new ServiceCollection().AddSingleton(Host("sqlite")).AddLangGuard(root.GetSection("LangGuard")).BuildServiceProvider();
            _open.Insert(0, services);
            var made = GuardSession.Create(services.GetRequiredKeyedService<PolicySource>("support"), Operations.Alice);
            _open.Insert(0, made);
            return made;
        }

        Run(Start()).Should().BeNull();
        Run(Start()).Should().BeNull();
        Run(Start()).Should().Be("usage.calls");
    }

    private static void Fail(string how, ManualResetEventSlim gate)
    {
        if (how == "hangs")
        {
            gate.Wait();
        }
        else
        {
            throw new IOException("hunter2");
        }
    }

    private sealed class Records : IAuditSink
    {
        private readonly Lock _lock = new();
        private readonly List<AuditRecord> _records = [];

        internal IReadOnlyList<AuditRecord> All
        {
            get
            {
                lock (_lock)
                {
                    return [.. _records];
                }
            }
        }

        public void Write(in AuditRecord record)
        {
            lock (_lock)
            {
                _records.Add(record);
            }
        }
    }

    private sealed class FlakyStore(IUsageStore inner) : IUsageStore
    {
        private int _reserved;
        private int _settled;

        internal Action? OnReserve { get; set; }

        internal Action? OnSettle { get; set; }

        internal int Reserved => Volatile.Read(ref _reserved);

        internal int Settled => Volatile.Read(ref _settled);

        public UsageTotals Reserve(UsageReservation reservation, DateTimeOffset now)
        {
            OnReserve?.Invoke();
            Interlocked.Increment(ref _reserved);
            return inner.Reserve(reservation, now);
        }

        public void Settle(UsageReservation reservation, OperationOutcome outcome, DateTimeOffset now)
        {
            OnSettle?.Invoke();
            inner.Settle(reservation, outcome, now);
            Interlocked.Increment(ref _settled);
        }
    }
}
