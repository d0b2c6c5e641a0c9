using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.SecurityTests.Scenarios;

namespace LangGuard.SecurityTests.Faults;

/// <summary>What fails leaves nothing at work on a database server, and no connection that nobody can use again.</summary>
[Collection(ProcessWide.Name)]
public sealed class ServerLeakTests
{
    private const int Rounds = 12;
    private const string Endless = "SELECT count(*) FROM notes a, notes b, notes c, notes d, notes e, notes f WHERE a.id + b.id + c.id + d.id + e.id + f.id > 0";

    public static TheoryData<string, string> Failing
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var engine in new[] { "postgres", "mysql" })
            {
                foreach (var part in new[]
                {
                    "sink throws", "sink is cancelled", "layer throws", "layer says nothing", "settle throws", "engine fails", "engine refuses a change",
                    "takes too long", "answers too much", "caller gives up",
                })
                {
                    data.Add(engine, part);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_statement_that_fails_leaves_no_session_at_work(string engine, string part)
    {
        using var database = ScenarioDatabase.Create(engine, string.Empty);
        Action<DatabaseBuilder> rights = db => db.Select("notes").Insert("notes").Limit(limits =>
        {
            limits.MaxRows = 1000;
            limits.Timeout = part == "takes too long" ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromMinutes(5);
        });
        database.Run("CREATE TABLE notes (id int PRIMARY KEY, text varchar(20) NOT NULL)");
        database.Run("INSERT INTO notes VALUES " + string.Join(", ", Enumerable.Range(1, 200).Select(i => $"({i}, 'x')")));
        database.Grant(rights);
        var session = GuardSession.Create(
            Policy.Create(policy =>
            {
                policy.LimitPermissions(allow => allow.Database("app", db =>
                {
                    database.Use(db);
                    rights(db);
                }));
                policy.AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(100_000)));
                Break(policy, part);
            }),
            FaultWorld.Alice);
        using (session)
        {
            await FailAsync(session, database, part);
            var handles = Directory.GetFileSystemEntries("/proc/self/fd").Length;
            for (var round = 0; round < Rounds; round++)
            {
                await FailAsync(session, database, part);
            }

            database.LeftAtWork.Should().Be(0, "nothing is left at work on the server");
            (await UntilAsync(() => database.Sessions <= 3)).Should().BeTrue("connections are used again or closed");
            (await UntilAsync(() => Directory.GetFileSystemEntries("/proc/self/fd").Length < handles + Rounds)).Should().BeTrue("handles are closed");
        }

        database.Run("SELECT count(*) FROM notes").Should().Match(count => Convert.ToInt64(count, null) == 200, "nothing was written");
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    public async Task A_cancelled_query_leaves_the_transaction_around_it_usable(string engine)
    {
        using var database = ScenarioDatabase.Create(engine, string.Empty);
        Action<DatabaseBuilder> rights = db => db.Select("notes").Insert("notes").Limit(limits => limits.MaxCost = 1e18);
        database.Run("CREATE TABLE notes (id int PRIMARY KEY, text varchar(20) NOT NULL)");
        database.Grant(rights);
        using var session = GuardSession.Create(
            Policy.Create(policy =>
            {
                policy.LimitPermissions(allow => allow.Database("app", db =>
                {
                    database.Use(db);
                    rights(db);
                }));
                policy.AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(100_000)));
            }),
            FaultWorld.Alice);
        await using var connection = await session.Database("app").OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var stopped = 0;
        for (var round = 1; round <= 60; round++)
        {
            (await SayAsync(connection, $"INSERT INTO notes VALUES ({round}, 'x')", default)).Should().BeNull();
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(round % 12));
            try
            {
                await SayAsync(connection, round % 3 == 0 ? Endless : "SELECT count(*) FROM notes a, notes b, notes c", cancel.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or GuardedDatabaseException)
            {
                stopped++;
            }

            (await SayAsync(connection, "SELECT count(*) FROM notes", default)).Should().Match(
                count => Convert.ToInt64(count, null) == round, "what was done before stays");
        }

        await transaction.CommitAsync();
        stopped.Should().BePositive();
        database.Run("SELECT count(*) FROM notes").Should().Match(count => Convert.ToInt64(count, null) == 60);
    }

    private static async Task<object?> SayAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task FailAsync(GuardSession session, ScenarioDatabase database, string part)
    {
        using var cancel = new CancellationTokenSource();
        var sql = part switch
        {
            "engine fails" => "SELECT id / 0, (SELECT text FROM notes) FROM notes",
            "engine refuses a change" => "INSERT INTO notes VALUES (1, 'again')",
            "caller gives up" or "takes too long" => Endless,
            "answers too much" => "SELECT a.id FROM notes a, notes b, notes c",
            _ => "SELECT id FROM notes",
        };

        // Apart: a statement may run on the thread of its caller.
        var running = Task.Run(() => RunAsync(session, sql, cancel.Token), CancellationToken.None);
        if (part == "caller gives up")
        {
            while (database.Busy == 0 && !running.IsCompleted)
            {
                await Task.Delay(1, CancellationToken.None);
            }

            await cancel.CancelAsync();
        }

        if (part == "settle throws")
        {
            await running; // What is done is done.
            return;
        }

        var failure = await FluentActions.Awaiting(() => running).Should().ThrowAsync<Exception>();
        failure.Which.Should().NotBeOfType<NullReferenceException>().And.NotBeOfType<ObjectDisposedException>();
    }

    private static async Task RunAsync(GuardSession session, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await session.Database("app").OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // To the end, or to where it fails.
        }
    }

    private static void Break(PolicyBuilder policy, string part) => _ = part switch
    {
        "sink throws" => policy.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(_ => throw new IOException("disk full")))),
        "sink is cancelled" => policy.DefendInDepth(defense => defense.Audit(new FaultWorld.Sink(_ => throw new OperationCanceledException()))),
        "layer throws" => policy.AddLayer(new FaultWorld.Misuse { OnReview = () => throw new InvalidOperationException("broken") }),
        "layer says nothing" => policy.AddLayer(new FaultWorld.Misuse { OnReview = () => default }),
        "settle throws" => policy.AddLayer(new FaultWorld.Misuse { OnSettle = () => throw new InvalidOperationException("broken") }),
        _ => policy,
    };

    /// <summary>Looks until it is so; without waiting where it is.</summary>
    private static async Task<bool> UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; tries < 240; tries++)
        {
            if (isSo())
            {
                return true;
            }

            await Task.Delay(250);
        }

        return false;
    }
}
