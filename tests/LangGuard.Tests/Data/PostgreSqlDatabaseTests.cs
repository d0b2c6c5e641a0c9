using System.Collections.Concurrent;
using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>PostgreSQL behind the whole guard.</summary>
public sealed class PostgreSqlDatabaseTests(PostgreSqlShop shop) : IClassFixture<PostgreSqlShop>
{
    [Fact]
    public async Task Reads_granted_tables()
    {
        using var session = shop.Session(db => db.Select("orders", "customers"));

        (await AskAsync(session, "SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 3"))
            .Should().Be("Linus");
    }

    [Fact]
    public async Task Passes_parameters_by_name_and_by_number()
    {
        using var session = shop.Session(db => db.Select("orders"));

        (await AskAsync(session, "SELECT @a::text || ':' || id FROM orders WHERE id = @b AND @b > 0", ("a", "x"), ("@b", 2)))
            .Should().Be("x:2");
        (await AskAsync(session, "SELECT id FROM orders WHERE id = $1", ("", 3))).Should().Be(3);
    }

    [Theory]
    [InlineData("SELECT v FROM secrets")]
    [InlineData("SELECT peek()")]
    [InlineData("SELECT pg_sleep(10)")]
    [InlineData("SELECT query_to_xml('select v from secrets', true, false, '')")]
    [InlineData("DELETE FROM orders WHERE id = 1")]
    [InlineData("SELECT 1; DROP TABLE orders")]
    public async Task Denies_what_is_not_granted(string sql)
    {
        using var session = shop.Session(db => db.Select("orders"));

        var act = async () => await AskAsync(session, sql);

        await act.Should().ThrowAsync<DbAccessDeniedException>();
    }

    [Theory]
    [InlineData("SELECT count(*) FROM generate_series(1, 1000000000000)")]
    [InlineData("WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r")]
    public async Task Stops_a_statement_that_does_not_end_on_the_server(string sql)
    {
        using var session = shop.Session(db => db.Select("orders").Limit(limits =>
            (limits.Timeout, limits.MaxCost) = (TimeSpan.FromMilliseconds(300), null)));

        var act = async () => await AskAsync(session, sql);

        (await act.Should().ThrowAsync<DbAccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("database.time-limit");
        Eventually(() => shop.Leftovers() == 0).Should().BeTrue("the server has stopped it");
    }

    [Fact]
    public async Task Throws_at_the_row_limit()
    {
        using var session = shop.Session(db => db.Select("orders").Limit(limits => limits.MaxRows = 2));

        var act = async () => await CountAsync(session, "SELECT id FROM orders");

        (await act.Should().ThrowAsync<DbAccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("database.row-limit");
        (await CountAsync(session, "SELECT id FROM orders WHERE id < 3")).Should().Be(2);
    }

    [Fact]
    public async Task Engine_errors_tell_nothing_of_rows()
    {
        using var session = shop.Session(db => db.Select("orders", "customers"));
        var texts = new HashSet<string>();
        foreach (var sql in (string[])
            ["SELECT name::int FROM customers", "SELECT email::int FROM customers WHERE id = 2", "SELECT 1 / (id - id) FROM orders"])
        {
            var act = async () => await AskAsync(session, sql);
            var error = (await act.Should().ThrowAsync<GuardedDatabaseException>()).Which;
            error.InnerException.Should().BeNull();
            error.Data.Count.Should().Be(0);
            texts.Add(error.ToString().Split('\n')[0]);
        }

        texts.Should().HaveCount(1);
    }

    [Fact]
    public async Task An_error_in_rows_that_nobody_reads_any_more_stays_inside()
    {
        using var session = shop.Session(db => db.Select("orders", "customers"));
        var connection = await session.Database("shop").OpenConnectionAsync();
        await using var _ = connection;
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT 1 / (5000 - i), repeat('x', 1000) FROM generate_series(1, 5000) AS s(i)";
            using var reader = await command.ExecuteReaderAsync();
            reader.Read().Should().BeTrue();
        }

        using var next = connection.CreateCommand();
        next.CommandText = "SELECT count(*) FROM orders";
        (await next.ExecuteScalarAsync()).Should().Be(3L);
    }

    [Fact]
    public async Task Names_a_constraint_but_no_value()
    {
        using var session = shop.Session(db => db.Select("orders").Insert("orders", "customers"));

        var unique = async () => await ChangeAsync(session, "INSERT INTO customers (id, name, email) VALUES (7, 'x', 'linus@example.org')");
        var check = async () => await ChangeAsync(session, "INSERT INTO orders (id, customer_id, status, total) VALUES (8, 1, 'x', -4711)");

        (await unique.Should().ThrowAsync<GuardedDatabaseException>()).Which.Message
            .Should().Contain("UNIQUE on customers_email_key").And.NotContain("linus");
        (await check.Should().ThrowAsync<GuardedDatabaseException>()).Which.Message
            .Should().Contain("CHECK on total_not_negative").And.NotContain("4711");
    }

    [Fact]
    public async Task Writes_where_granted_and_keeps_a_transaction_together()
    {
        using var own = new PostgreSqlShop();
        using var session = own.Session(db => db.Select("orders").Insert("orders").Update("orders"));
        (await ChangeAsync(session, "UPDATE orders SET status = @s WHERE id = 1", ("s", "done"))).Should().Be(1);

        await using (var connection = await session.Database("shop").OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            (await RunAsync(connection, "INSERT INTO orders (id, customer_id, status, total) VALUES (9, 1, 'new', 1)")).Should().Be(1);
            var failing = async () => await RunAsync(connection, "INSERT INTO orders (id, customer_id, status, total) VALUES (9, 1, 'new', 1)");
            await failing.Should().ThrowAsync<GuardedDatabaseException>();
            using var count = connection.CreateCommand();
            count.CommandText = "SELECT count(*) FROM orders";
            (await count.ExecuteScalarAsync()).Should().Be(4L, "a query sees what its transaction has changed");
            await transaction.CommitAsync();
        }

        own.Ask("SELECT string_agg(id || status, ',' ORDER BY id) FROM orders").Should().Be("1done,2shipped,3open,9new");
    }

    [Fact]
    public async Task A_new_column_does_not_slip_into_a_star()
    {
        using var own = new PostgreSqlShop();
        using var session = own.Session(db => db.Select("customers"));
        (await CountAsync(session, "SELECT * FROM customers")).Should().Be(2);
        own.Run("ALTER TABLE customers ADD COLUMN ssn text DEFAULT 'CANARY'");

        var act = async () => await CountAsync(session, "SELECT * FROM customers");

        await act.Should().ThrowAsync<DbAccessDeniedException>();
    }

    [Fact]
    public async Task Tells_nothing_of_a_server_that_can_not_be_reached()
    {
        using var session = shop.Session(
            db => db.Select("orders"), "Host=127.0.0.1;Port=1;Username=agent;Password=hunter2;Database=internal;Timeout=2");

        var act = async () => await AskAsync(session, "SELECT id FROM orders");

        var error = (await act.Should().ThrowAsync<GuardedDatabaseException>()).Which.ToString();
        error.Should().NotContain("127.0.0.1").And.NotContain("hunter2").And.NotContain("internal").And.NotContain("agent;");
    }

    [Fact]
    public void A_connection_string_that_can_not_be_read_is_an_error_without_its_text()
    {
        var act = () => shop.Session(db => db.Select("orders"), "Host=x;Password=hunter2;Nonsense=1");

        act.Should().Throw<PolicyValidationException>().Which.ToString().Should().NotContain("hunter2");
    }

    [Fact]
    public async Task A_twin_of_a_granted_name_is_not_granted()
    {
        using var own = new PostgreSqlShop();
        own.Run("""
            CREATE TABLE "Orders" (v text);
            INSERT INTO "Orders" VALUES ('CANARY');
            CREATE SCHEMA evil;
            CREATE FUNCTION evil.total() RETURNS text LANGUAGE sql AS 'SELECT v FROM public.secrets LIMIT 1';
            CREATE FUNCTION total() RETURNS text LANGUAGE sql AS $$ SELECT 'fine' $$;
            """);
        using var session = own.Session(db => db.Select("orders").Functions("total"));
        var twin = async () => await AskAsync(session, "SELECT v FROM \"Orders\"");
        var function = async () => await AskAsync(session, "SELECT evil.total()");

        (await AskAsync(session, "SELECT total() FROM orders")).Should().Be("fine");
        (await AskAsync(session, "SELECT count(*) FROM orders")).Should().Be(3L);
        await twin.Should().ThrowAsync<DbAccessDeniedException>();
        await function.Should().ThrowAsync<DbAccessDeniedException>();
    }

    [Fact]
    public async Task An_array_counts_with_all_that_it_holds()
    {
        using var session = shop.Session(db => db.Select("orders").Limit(limits => limits.MaxBytes = 10_000));

        var act = async () => await AskAsync(session, "SELECT array_agg(repeat('x', 1000)) FROM generate_series(1, 10)");

        (await act.Should().ThrowAsync<DbAccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("database.byte-limit");
    }

    [Fact]
    public async Task A_hundred_sessions_over_one_pool_do_not_mix()
    {
        using var own = new PostgreSqlShop();
        var pooled = new NpgsqlConnectionStringBuilder(own.Owner) { Pooling = true, MaxPoolSize = 10 }.ConnectionString;
        var policy = LangGuard.Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", db =>
            db.UsePostgreSql(pooled).Select("orders"))));
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(Enumerable.Range(1, 100), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, _) =>
        {
            using var session = GuardSession.Create(policy, new Principal($"user{i}"));
            for (var turn = 0; turn < 3; turn++)
            {
                var answer = await AskAsync(
                    session, "SELECT @me || '' FROM orders WHERE id = 1", ("me", $"user{i}"));
                if ((string?)answer != $"user{i}")
                {
                    wrong.Add($"{answer}");
                }
            }
        });

        wrong.Should().BeEmpty();
        own.Leftovers().Should().Be(0);
    }

    [Fact]
    public async Task A_thousand_cancellations_leave_nothing_behind()
    {
        using var own = new PostgreSqlShop();
        var pooled = new NpgsqlConnectionStringBuilder(own.Owner) { Pooling = true, MaxPoolSize = 8 }.ConnectionString;
        using var session = own.Session(db => db.Select("orders").Limit(limits => limits.MaxConnections = 8), pooled);
        var random = new Random(4711);
        var outcomes = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000).Select(_ => random.Next(0, 4000)).ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (microseconds, _) =>
            {
                using var source = new CancellationTokenSource(TimeSpan.FromMicroseconds(microseconds));
                try
                {
                    await AskAsync(session, "SELECT count(*) FROM generate_series(1, 20000)", source.Token);
                    outcomes.AddOrUpdate("done", 1, (_, n) => n + 1);
                }
                catch (OperationCanceledException)
                {
                    outcomes.AddOrUpdate("cancelled", 1, (_, n) => n + 1);
                }
            });

        outcomes.Values.Sum().Should().Be(1000);
        outcomes.Should().ContainKey("cancelled");
        Eventually(() => own.Leftovers() == 0).Should().BeTrue("no session works on and no lock is held");
        (await AskAsync(session, "SELECT count(*) FROM orders")).Should().Be(3L, "no lease is lost");
    }

    internal static async Task<object?> AskAsync(GuardSession session, string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await session.Database("shop").OpenConnectionAsync();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Add(command, parameters);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<object?> AskAsync(GuardSession session, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await session.Database("shop").OpenConnectionAsync(cancellationToken);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> CountAsync(GuardSession session, string sql)
    {
        await using var connection = await session.Database("shop").OpenConnectionAsync();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = await command.ExecuteReaderAsync();
        var count = 0;
        while (await reader.ReadAsync())
        {
            count++;
        }

        return count;
    }

    private static async Task<int> ChangeAsync(GuardSession session, string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await session.Database("shop").OpenConnectionAsync();
        return await RunAsync(connection, sql, parameters);
    }

    private static async Task<int> RunAsync(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Add(command, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    private static void Add(DbCommand command, (string Name, object Value)[] parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }

    /// <summary>What a server does after a cancellation it does on its own time.</summary>
    private static bool Eventually(Func<bool> holds) => SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(20));
}
