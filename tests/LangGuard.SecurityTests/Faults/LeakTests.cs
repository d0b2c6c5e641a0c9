using LangGuard.Http;
using LangGuard.SecurityTests.Http;
using Microsoft.Data.Sqlite;

namespace LangGuard.SecurityTests.Faults;

/// <summary>What fails leaves nothing open behind it: no handle, no connection, no waiting operation.</summary>
[Collection(ProcessWide.Name)]
public sealed class LeakTests : IDisposable
{
    private const int Rounds = 60;
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-leaks-");
    private readonly string _root;
    private bool _fails;
    private FlakyUsageStore? _usage;

    public LeakTests()
    {
        _root = _temp.CreateSubdirectory("kb").FullName;
        File.WriteAllText(Path.Combine(_root, "a.txt"), "before");
    }

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData("sink throws")]
    [InlineData("sink is cancelled")]
    [InlineData("layer throws")]
    [InlineData("layer says nothing")]
    [InlineData("usage throws")]
    [InlineData("usage is cancelled")]
    [InlineData("usage says nothing")]
    [InlineData("usage says less than nothing")]
    [InlineData("usage says too much")]
    [InlineData("approvals throws")]
    [InlineData("approvals is cancelled")]
    [InlineData("approvals nothing")]
    [InlineData("approvals holes")]
    [InlineData("approvals garbage")]
    public async Task Files_that_a_failing_part_refuses_are_closed(string part)
    {
        using var session = Session(part, allow => allow.Files("kb", _root, files => files.Read("**").Write("**").Delete("**")));
        var files = session.FileSystem;
        await CountAsync(async () =>
        {
            await FailsAsync(() => files.File.ReadAllBytesAsync("/kb/a.txt"));
            await FailsAsync(() => files.File.WriteAllTextAsync("/kb/a.txt", "after"));
            await FailsAsync(() => files.File.WriteAllTextAsync("/kb/new.txt", "new"));
            await FailsAsync(() => Task.Run(() => files.File.Open("/kb/a.txt", FileMode.Open).Dispose()));
            await FailsAsync(() => Task.Run(() => files.File.Delete("/kb/a.txt")));
            await FailsAsync(() => Task.Run(() => files.File.Move("/kb/a.txt", "/kb/b.txt")));
            await FailsAsync(() => Task.Run(() => files.Directory.GetFiles("/kb")));
        });
        File.ReadAllText(Path.Combine(_root, "a.txt")).Should().Be("before");
        Directory.GetFileSystemEntries(_root).Should().ContainSingle();
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    public async Task Files_that_wait_for_a_person_in_vain_are_closed(string how)
    {
        var asked = 0;
        using var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow.Files("kb", _root, files => files.Read("**").Write("**")))
                .AnticipateMisuse(misuse => misuse
                    .LimitUsage(usage => usage.Calls(100_000))
                    .RequireApproval(approval => approval.For(Effects.Write).By(new FaultWorld.Approver(_ =>
                    {
                        Interlocked.Increment(ref asked);
                        return how == "hangs" ? new ValueTask<bool>(new TaskCompletionSource<bool>().Task) : throw new InvalidOperationException("no answer");
                    }))))),
            FaultWorld.Alice);
        var number = 0;
        await CountAsync(async () =>
        {
            using var cancel = new CancellationTokenSource();
            var before = Volatile.Read(ref asked);
            var writing = session.FileSystem.File.WriteAllTextAsync(++number % 2 == 0 ? "/kb/a.txt" : $"/kb/{number}.txt", "after", cancel.Token);
            while (Volatile.Read(ref asked) == before && !writing.IsCompleted)
            {
                await Task.Delay(1, CancellationToken.None);
            }

            await cancel.CancelAsync();
            await FailsAsync(() => writing);
        });
        asked.Should().BePositive("else nobody was waited for");
        Directory.GetFileSystemEntries(_root).Should().Equal(Path.Combine(_root, "a.txt"));
        File.ReadAllText(Path.Combine(_root, "a.txt")).Should().Be("before");
    }

    [Theory]
    [InlineData("sink throws")]
    [InlineData("layer throws")]
    [InlineData("resolver throws")]
    [InlineData("resolver hangs")]
    [InlineData("resolver does not listen")]
    [InlineData("resolver is cancelled")]
    [InlineData("resolver says nothing")]
    [InlineData("resolver says holes")]
    [InlineData("usage throws")]
    [InlineData("usage is cancelled")]
    [InlineData("usage says nothing")]
    [InlineData("approvals throws")]
    [InlineData("approvals garbage")]
    [InlineData("broker throws")]
    [InlineData("broker hangs")]
    [InlineData("server resets")]
    [InlineData("caller gives up")]
    public async Task Requests_that_fail_leave_no_connection(string part)
    {
        using var server = new ScriptedServer(async (stream, _, cancel) =>
        {
            if (part == "caller gives up")
            {
                await ScriptedServer.SilenceAsync(cancel);
            }

            await ScriptedServer.SayAsync(stream, part == "server resets" ? "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        });
        using var session = LoopbackSession.Create(
            server.Port,
            policy =>
            {
                Break(policy, part);
                if (part.StartsWith("resolver", StringComparison.Ordinal))
                {
                    policy.Collect<EgressOptions>().Resolver = new Resolver(part);
                }
                else if (part.StartsWith("broker", StringComparison.Ordinal))
                {
                    policy.LimitPermissions(allow => allow
                        .Credential("key", $"http://api.test:{server.Port}/**", credential => credential.Bearer().Read("vault/key"))
                        .UseCredentialBroker(new Broker(part == "broker hangs")));
                }
            },
            part.StartsWith("broker", StringComparison.Ordinal) ? "GET http://api.test:{port}/** inject key" : "GET http://api.test:{port}/**");
        var number = 0;
        await CountAsync(async () =>
        {
            using var cancel = new CancellationTokenSource();
            var sending = session.HttpClient.GetByteArrayAsync($"http://api.test:{server.Port}/{++number}", cancel.Token);
            if (part is "caller gives up")
            {
                // Until the request has arrived, on a new connection or on one that was made for a request before.
                while (server.Heads.Count < number && !sending.IsCompleted)
                {
                    await Task.Delay(1, CancellationToken.None);
                }
            }

            if (part is "caller gives up" or "resolver hangs" or "resolver does not listen" or "broker hangs")
            {
                await cancel.CancelAsync();
            }

            await FailsAsync(() => sending);
        });
    }

    [Theory]
    [InlineData("usage hangs")]
    [InlineData("approvals hangs")]
    public async Task What_waits_for_a_store_that_hangs_ends_and_leaves_nothing(string part)
    {
        const int Callers = 24;
        using var gate = new ManualResetEventSlim();
        var usage = new FlakyUsageStore(part, gate);
        var approvals = new FlakyApprovalStore(0, "hangs", gate);
        using var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow.Files("kb", _root, files => files.Read("**").Write("**")))
                .AnticipateMisuse(misuse =>
                {
                    misuse.LimitUsage(limits => limits.Calls(100_000));
                    _ = part == "usage hangs"
                        ? misuse.KeepUsageIn(usage).LimitUsageOfPrincipal(of => of.Calls(1_000_000))
                        : misuse.RequireApproval(approval => approval.For(Effects.Write).KeepIn(approvals));
                })),
            FaultWorld.Alice);
        if (part == "usage hangs")
        {
            await session.FileSystem.File.WriteAllTextAsync("/kb/a.txt", "before");
        }

        var before = Settled(int.MaxValue);
        usage.Fails = true;
        var writing = Enumerable.Range(0, Callers).Select(number => Task.Run(() => session.FileSystem.File.WriteAllText($"/kb/{number}.txt", "after"))).ToList();
        if (part == "usage hangs")
        {
            // Whoever waits is told in time, while the store still hangs.
            foreach (var one in writing)
            {
                await FailsAsync(() => one);
            }

            gate.Set();
        }
        else
        {
            SpinWait.SpinUntil(() => approvals.HasFailed, TimeSpan.FromSeconds(30)).Should().BeTrue();
            gate.Set();
            foreach (var one in writing)
            {
                await FailsAsync(() => one);
            }
        }

        Settled(before + 10).Should().BeLessThan(before + 10);
        Directory.GetFileSystemEntries(_root).Should().Equal(Path.Combine(_root, "a.txt"));
        usage.Fails = false;
        if (part == "usage hangs")
        {
            SpinWait.SpinUntil(() => usage.Settled == usage.Reserved, TimeSpan.FromSeconds(30)).Should().BeTrue("what was reserved for nobody is given back");
            await session.FileSystem.File.WriteAllTextAsync("/kb/a.txt", "after");
        }
    }

    [Theory]
    [InlineData("sink throws")]
    [InlineData("layer throws")]
    [InlineData("engine fails")]
    public async Task Statements_that_fail_leave_no_connection(string part)
    {
        var path = Path.Combine(_temp.FullName, "shop.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, 'x')";
            command.ExecuteNonQuery();
        }

        using var session = Session(part, allow => allow.Database("shop", db => db.UseSqlite(path).Select("notes").Insert("notes")));
        await CountAsync(async () =>
        {
            foreach (var sql in new[] { "SELECT abs(-9223372036854775808) FROM notes", "INSERT INTO notes VALUES (1, 'y')" })
            {
                await FailsAsync(async () =>
                {
                    await using var connection = await session.Database("shop").OpenConnectionAsync();
                    await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
                    command.CommandText = sql;
#pragma warning restore CA2100
                    await command.ExecuteScalarAsync();
                });
            }
        });
    }

    private GuardSession Session(string part, Action<PermissionsBuilder> allow) => GuardSession.Create(
        Policy.Create(policy =>
        {
            policy.LimitPermissions(permissions => allow(permissions));
            Break(policy, part);
        }),
        FaultWorld.Alice);

    private void Break(PolicyBuilder policy, string part)
    {
        policy.AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(100_000)));
        if (part.StartsWith("sink", StringComparison.Ordinal))
        {
            policy.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(_ =>
            {
                if (_fails)
                {
                    throw part == "sink is cancelled" ? new OperationCanceledException() : new IOException("disk full");
                }
            })));
        }
        else if (part.StartsWith("usage", StringComparison.Ordinal))
        {
            _usage = new FlakyUsageStore(part) { Fails = true };
            policy.AnticipateMisuse(misuse => misuse.KeepUsageIn(_usage).LimitUsageOfPrincipal(of => of.Calls(1_000_000)));
        }
        else if (part.StartsWith("approvals", StringComparison.Ordinal))
        {
            policy.AnticipateMisuse(misuse => misuse.RequireApproval(approval =>
                approval.For(Effects.Read | Effects.Write | Effects.Delete).KeepIn(new FlakyApprovalStore(0, part["approvals ".Length..]))));
        }
        else if (part.StartsWith("layer", StringComparison.Ordinal))
        {
            policy.AddLayer(new FaultWorld.Misuse
            {
                OnReview = () => !_fails ? Objection.None : part == "layer throws" ? throw new InvalidOperationException("broken") : default,
            });
        }
    }

    private static async Task FailsAsync(Func<Task> act) => await act.Should().ThrowAsync<Exception>();

    /// <summary>Fails some times to warm up, then many times, and looks at what the process holds before and after.</summary>
    private async Task CountAsync(Func<Task> fail)
    {
        _fails = true;
        for (var i = 0; i < 5; i++)
        {
            await fail();
        }

        var before = Settled(int.MaxValue);
        for (var i = 0; i < Rounds; i++)
        {
            await fail();
        }

        // One handle each would be many more than what pools and the runtime hold.
        Settled(before + 20).Should().BeLessThan(before + 20);
    }

    /// <summary>How many handles are open, once what is closing has closed; without waiting where it is few enough.</summary>
    private static int Settled(int enough)
    {
        var count = Handles();
        SpinWait.SpinUntil(
            () =>
            {
                count = Handles();
                return count < enough;
            },
            TimeSpan.FromSeconds(30));
        return count;
    }

    private static int Handles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private sealed class Broker(bool hangs) : ICredentialBroker
    {
        // Does not listen to anybody who gives up.
        public ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken) => hangs
            ? new ValueTask<string?>(new TaskCompletionSource<string?>().Task)
            : throw new InvalidOperationException("no answer");
    }

    private sealed class Resolver(string part) : IAddressResolver
    {
        public ValueTask<IReadOnlyList<System.Net.IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => part switch
        {
            "resolver hangs" => HangAsync(cancellationToken),

            // Does not listen to anybody who gives up.
            "resolver does not listen" => new ValueTask<IReadOnlyList<System.Net.IPAddress>>(new TaskCompletionSource<IReadOnlyList<System.Net.IPAddress>>().Task),
            "resolver is cancelled" => throw new OperationCanceledException("no answer"),
            "resolver says nothing" => ValueTask.FromResult<IReadOnlyList<System.Net.IPAddress>>(null!),
            "resolver says holes" => ValueTask.FromResult<IReadOnlyList<System.Net.IPAddress>>([null!]),
            _ => throw new InvalidOperationException("no answer"),
        };

        private static async ValueTask<IReadOnlyList<System.Net.IPAddress>> HangAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }
    }
}
