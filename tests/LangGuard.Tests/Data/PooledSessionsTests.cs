using System.Collections.Concurrent;
using System.Data.Common;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>Many sessions over one pool of connections: nothing of one reaches another, and nothing is left behind.</summary>
public sealed class PooledSessionsTests : IDisposable
{
    private const string Setup = """
        CREATE TABLE ledger (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, amount INTEGER NOT NULL);
        INSERT INTO ledger SELECT n, CASE n % 2 WHEN 0 THEN 'even' ELSE 'odd' END, n FROM
            (WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 200) SELECT n FROM s) AS numbers;
        """;

    private readonly ShopFixture _file = new();
    private readonly PostgreSqlShop _server = new();

    public PooledSessionsTests()
    {
        _file.Run(Setup);
        _server.Run(Setup);
    }

    public void Dispose()
    {
        _file.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_hundred_sessions_of_two_tenants_see_only_their_own_rows(string engine)
    {
        var policy = PolicyFor(engine, db => db.Select("ledger").Update("ledger").RowsOfTenant("ledger", "tenant"));
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            var (tenant, own) = i % 2 == 0 ? ("even", 0L) : ("odd", 1L);
            using var session = GuardSession.Create(policy, new Principal($"user{i}", tenant));
            for (var turn = 0; turn < 5; turn++)
            {
                await using var connection = await session.Database("shop").OpenConnectionAsync(stop);
                await ExpectAsync(connection, wrong, own, "SELECT DISTINCT id % 2 FROM ledger WHERE amount > @least", ("@least", turn));
                await ExpectAsync(connection, wrong, 100L, "SELECT count(*) FROM ledger");
                await ExpectAsync(connection, wrong, null, "SELECT id FROM ledger WHERE tenant <> @tenant", ("@tenant", tenant));
                await ExpectAsync(
                    connection, wrong, own, "SELECT max(a.id % 2) FROM ledger AS a JOIN ledger AS b ON b.id = a.id + 2 - 2 * (a.id % 1)");
                if (turn == 0)
                {
                    await using var transaction = await connection.BeginTransactionAsync(stop);
                    await using var change = Command(connection, "UPDATE ledger SET amount = amount WHERE id IN (1, 2)");
                    if (await change.ExecuteNonQueryAsync(stop) is not 1 and var changed)
                    {
                        wrong.Add($"{tenant} changed {changed}");
                    }

                    await transaction.CommitAsync(stop);
                }
            }
        });

        wrong.Should().BeEmpty();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_connection_that_goes_back_carries_nothing_over(string engine)
    {
        var policy = PolicyFor(engine, db => db.Select("ledger").Update("ledger").Trusted());
        using (var first = GuardSession.Create(policy, new Principal("first")))
        {
            var left = await first.Database("shop").OpenConnectionAsync();
            await left.BeginTransactionAsync();
            await using (var change = Command(left, "UPDATE ledger SET amount = -1 WHERE id = 7 RETURNING id"))
            {
                (await change.ExecuteScalarAsync()).Should().NotBeNull();
            }

            await using var open = Command(left, "SELECT id FROM ledger");
            var reader = await open.ExecuteReaderAsync();
            (await reader.ReadAsync()).Should().BeTrue();
            await left.CloseAsync(); // With its transaction and its reader.
        }

        using var second = GuardSession.Create(policy, new Principal("second"));
        await using var connection = await second.Database("shop").OpenConnectionAsync();
        await using var look = Command(connection, "SELECT amount FROM ledger WHERE id = 7");
        Convert.ToInt32(await look.ExecuteScalarAsync()).Should().Be(7, "what was not committed is gone");
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await transaction.RollbackAsync();
        }

        Ask(engine, "SELECT amount FROM ledger WHERE id = 7").Should().BeOneOf(7, 7L);
        if (engine == "postgres")
        {
            _server.Leftovers().Should().Be(0);
        }
    }

    [Fact]
    public async Task A_thousand_cancellations_leave_no_lock_and_no_lease_of_a_file()
    {
        var policy = PolicyFor("sqlite", db => db
            .Select("ledger").Update("ledger").Trusted().Limit(limits => limits.MaxConnections = 4));
        using var session = GuardSession.Create(policy, new Principal("u"));
        var random = new Random(4711);
        var cancelled = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000).Select(_ => random.Next(0, 3000)).ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (microseconds, _) =>
            {
                using var source = new CancellationTokenSource(TimeSpan.FromMicroseconds(microseconds));
                try
                {
                    await using var connection = await session.Database("shop").OpenConnectionAsync(source.Token);
                    await using var transaction = microseconds % 3 == 0 ? await connection.BeginTransactionAsync(source.Token) : null;
                    await using var command = Command(connection, microseconds % 3 == 0
                        ? "UPDATE ledger SET amount = amount WHERE id = 1"
                        : "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT sum(n) FROM s");
                    await command.ExecuteScalarAsync(source.Token);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
                catch (LangGuard.Data.GuardedDatabaseException)
                {
                    // Another connection writes just now.
                }
            });

        cancelled.Should().BePositive();
        _file.Run("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE; UPDATE ledger SET amount = 0 WHERE id = 3; COMMIT");
        var all = Enumerable.Range(0, 4).Select(_ => session.Database("shop").OpenConnection()).ToList();
        all.ForEach(connection => connection.Dispose());
    }

    private Policy PolicyFor(string engine, Action<DatabaseBuilder> configure) =>
        Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", db =>
        {
            _ = engine == "sqlite"
                ? db.UseSqlite(_file.Path)
                : db.UsePostgreSql(new NpgsqlConnectionStringBuilder(_server.Owner) { Pooling = true, MaxPoolSize = 8 }.ConnectionString);
            configure(db.Trusted().Limit(limits =>
            {
                // Writers of a file wait for each other, and machines may be slow.
                limits.Timeout = TimeSpan.FromSeconds(60);
                limits.MaxAffectedRows = 100;
            }));
        })));

    private object? Ask(string engine, string sql) => engine == "sqlite" ? _file.Ask(sql) : _server.Ask(sql);

    private static async Task ExpectAsync(
        DbConnection connection, ConcurrentBag<string> wrong, long? expected, string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync();
        long? found = await reader.ReadAsync() ? Convert.ToInt64(reader.GetValue(0)) : null;
        if (found != expected || (found is not null && await reader.ReadAsync()))
        {
            wrong.Add($"{sql}: {found}");
        }
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
