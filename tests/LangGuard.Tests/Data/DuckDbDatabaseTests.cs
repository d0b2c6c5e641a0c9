using System.Data.Common;
using System.Globalization;
using Dapper;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>A guarded DuckDB file as an agent and its host see it.</summary>
public sealed class DuckDbDatabaseTests : IDisposable
{
    private readonly DuckDbFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Reads_what_is_granted_and_no_more()
    {
        using var session = _file.Session(db => db.Select("customers", "open_orders").DenyColumns("customers", "email"));

        Read(session, "SELECT name FROM customers ORDER BY id").Should().Be("Ada,Linus");
        Read(session, "FROM open_orders ORDER BY id").Should().Be("1|10.50,3|30.00");
        Read(session, "SELECT id FROM customers WHERE id > 99").Should().BeEmpty();
        Rule(session, "SELECT email FROM customers").Should().Be("database.column");
        Rule(session, "FROM customers").Should().Be("database.column");
        Rule(session, "SELECT v FROM secrets").Should().Be("database.table");
        Rule(session, "SELECT take(1)").Should().Be("database.function");
        Rule(session, "SELECT content FROM read_text('/etc/hostname')").Should().Be("database.function");
    }

    [Fact]
    public void A_macro_runs_where_it_is_granted()
    {
        using var session = _file.Session(db => db.Select("orders").Functions("take"));

        Read(session, "SELECT take(1)").Should().Be("CANARY");
    }

    [Fact]
    public void Filters_rows_by_the_very_text()
    {
        using var session = _file.Session(db => db.Select("orders").RowsOfTenant("orders", "tenant"), tenant: "blue");

        Read(session, "SELECT id FROM orders").Should().Be("1");
        Read(session, "FROM orders SELECT count(*)").Should().Be("1");
        Read(session, "SELECT count(*) FROM orders WHERE tenant = 'red' OR true").Should().Be("1");
    }

    [Fact]
    public void Masks_and_hashes_columns()
    {
        using var session = _file.Session(db => db.Select("customers").MaskColumns("customers", "email").HashColumns("customers", "name"));

        Read(session, "SELECT count(email) FROM customers").Should().Be("0");
        Read(session, "SELECT count(DISTINCT name), max(length(name)) > 8, count(*) FILTER (name = 'Ada') FROM customers").Should().Be("2|True|0");
    }

    [Fact]
    public void Binds_parameters_as_data()
    {
        using var session = _file.Session(db => db.Select("orders"));
        using var connection = session.Database("shop").OpenConnection();
        foreach (var (text, first, second) in new[] { ("$status", "$status", "$total"), ("?", "", ""), ("$1", "", "") })
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT id FROM orders WHERE status = {text} AND total > {(text == "$1" ? "$2" : text == "?" ? "?" : "$total")} -- ?";
            Add(command, first, "open");
            Add(command, second, 20m);

            command.ExecuteScalar().Should().Be(3, text);
            command.Parameters[0].Value = "' OR 1=1; DROP TABLE orders -- ";
            command.ExecuteScalar().Should().BeNull(text);
        }
    }

    [Fact]
    public void Dapper_reads_and_writes()
    {
        using var session = _file.Session(db => db.Select("orders").Insert("orders").Update("orders").Delete("orders").Trusted());
        using var connection = session.Database("shop").OpenConnection();

        connection.Execute("INSERT INTO orders VALUES ($id, $tenant, 'open', $total)", new { id = 9, tenant = "blue", total = 1.5m }).Should().Be(1);
        connection.Query<(int Id, string Tenant, decimal Total)>("SELECT id, tenant, total FROM orders WHERE id = $id", new { id = 9 })
            .Should().Equal((9, "blue", 1.5m));
        connection.ExecuteScalar<long>("SELECT count(*) FROM orders WHERE id = $id", new { id = -1 }).Should().Be(0);
        connection.Execute("DELETE FROM orders WHERE id = $id", new { id = 9 }).Should().Be(1);
    }

    [Fact]
    public void Changes_rows_within_the_limit_and_takes_back_what_is_more()
    {
        var before = _file.World();
        using (var session = _file.Session(db => db.Select("orders").Insert("orders").Update("orders").Delete("orders").Limit(limits => limits.MaxAffectedRows = 1)))
        {
            Rule(session, "UPDATE orders SET status = 'x' WHERE id > 0").Should().Be("database.affected-rows");
            Rule(session, "UPDATE orders SET status = 'x' WHERE id > 0 RETURNING id").Should().Be("database.affected-rows");
            Rule(session, "INSERT INTO orders SELECT id + 10, tenant, status, total FROM orders").Should().Be("database.affected-rows");
            Rule(session, "DELETE FROM orders WHERE id > 0").Should().Be("database.affected-rows");
            _file.World().Should().Be(before);
            Run(session, "UPDATE orders SET status = 'done' WHERE id = 1").Should().Be(1);
            Read(session, "DELETE FROM orders WHERE id = 3 RETURNING id, status").Should().Be("3|open");
        }

        _file.Ask("SELECT string_agg(id || status, ',' ORDER BY id) FROM orders").Should().Be("1done,2shipped");
    }

    [Fact]
    public void A_change_stays_in_the_rows_of_the_principal()
    {
        using var session = _file.Session(db => db.Select("orders").Insert("orders").Update("orders").RowsOfTenant("orders", "tenant"), tenant: "blue");

        Run(session, "UPDATE orders SET status = 'mine' WHERE id > 0").Should().Be(1);
        Rule(session, "INSERT INTO orders VALUES (9, 'red', 'x', 1)").Should().Be("database.row-scope");
        Rule(session, "UPDATE orders SET tenant = 'red' WHERE id = 1").Should().NotBeNull();
        Run(session, "INSERT INTO orders VALUES (9, 'blue', 'x', 1)").Should().Be(1);
        session.Dispose();
        _file.Ask("SELECT string_agg(id || tenant || status, ',' ORDER BY id) FROM orders").Should().Be("1bluemine,2BLUEshipped,3redopen,9bluex");
    }

    [Fact]
    public void A_transaction_is_kept_or_taken_back_as_a_whole()
    {
        using var session = _file.Session(db => db.Select("orders").Update("orders").Trusted().Limit(limits => limits.MaxAffectedRows = 1));
        using var connection = session.Database("shop").OpenConnection();
        using (var transaction = connection.BeginTransaction())
        {
            Run(connection, "UPDATE orders SET status = 'x' WHERE id = 1").Should().Be(1);
            Ask(connection, "SELECT status FROM orders WHERE id = 1").Should().Be("x");
            transaction.Rollback();
        }

        Ask(connection, "SELECT status FROM orders WHERE id = 1").Should().Be("open");
        using (var transaction = connection.BeginTransaction())
        {
            Run(connection, "UPDATE orders SET status = 'x' WHERE id = 1");
            connection.Invoking(c => Run(c, "UPDATE orders SET status = 'x' WHERE id > 1")).Should().Throw<DbAccessDeniedException>();
            FluentActions.Invoking(transaction.Commit).Should().Throw<DbException>("the engine has no savepoints");
        }

        Ask(connection, "SELECT status FROM orders WHERE id = 1").Should().Be("open");
        using (var transaction = connection.BeginTransaction())
        {
            Run(connection, "UPDATE orders SET status = 'y' WHERE id = 1");
            transaction.Commit();
        }

        Ask(connection, "SELECT status FROM orders WHERE id = 1").Should().Be("y");
    }

    [Fact]
    public void Refuses_more_rows_than_the_policy_allows_and_goes_on()
    {
        using var session = _file.Session(db => db.Select("orders").Limit(limits => limits.MaxRows = 2));

        Rule(session, "SELECT id FROM orders").Should().Be("database.row-limit");
        Rule(session, "SELECT a.id FROM orders a, orders b, orders c, range(1000000) LIMIT 1000000").Should().Be("database.row-limit");
        Read(session, "SELECT id FROM orders LIMIT 1").Should().Be("1");
    }

    [Theory]
    [InlineData("SELECT repeat('x', 2000) FROM orders")]
    [InlineData("SELECT {'a': repeat('x', 4000)} FROM orders")]
    [InlineData("SELECT map {'a': {'b': [repeat('x', 4000)]}} FROM orders")]
    [InlineData("SELECT [repeat('x', 2000), repeat('y', 2000)] FROM orders")]
    [InlineData("SELECT repeat('x', 4000)::BLOB FROM orders")]
    public void Counts_the_bytes_of_every_type(string sql)
    {
        using var session = _file.Session(db => db.Select("orders").Limit(limits => limits.MaxBytes = 4_000));

        Rule(session, sql).Should().Be("database.byte-limit");
        Read(session, "SELECT id FROM orders LIMIT 1").Should().Be("1");
    }

    [Theory]
    [InlineData("SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)")]
    [InlineData("SELECT a.i FROM range(100000000) a(i), range(100000000) b(i) WHERE a.i + b.i < 0")]
    [InlineData("WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r")]
    public void Ends_a_statement_that_takes_too_long(string sql)
    {
        using var session = _file.Session(db => db.Select("orders").Limit(limits => (limits.Timeout, limits.MaxCost) = (TimeSpan.FromMilliseconds(300), null)));

        Rule(session, sql).Should().Be("database.time-limit");
        Read(session, "SELECT id FROM orders LIMIT 1").Should().Be("1");
    }

    [Fact]
    public void What_the_engine_expects_to_be_too_much_does_not_start()
    {
        using var session = _file.Session(db => db.Select("orders"));

        Rule(session, "SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)").Should().Be("database.cost");
        Read(session, "SELECT count(*) FROM range(100000)").Should().Be("100000");
    }

    [Fact]
    public async Task Ends_a_statement_that_is_cancelled()
    {
        using var session = _file.Session(db => db.Select("orders").Limit(limits => limits.MaxCost = null));
        await using var connection = await session.Database("shop").OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)";
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await command.Awaiting(c => c.ExecuteScalarAsync(source.Token)).Should().ThrowAsync<OperationCanceledException>();
        command.CommandText = "SELECT count(*) FROM orders";
        (await command.ExecuteScalarAsync()).Should().Be(3L);
    }

    [Fact]
    public void Ends_a_statement_that_takes_too_much_memory()
    {
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db.UseDuckDb(_file.Path, memoryMegabytes: 64)
                .Select("orders").Limit(limits => (limits.Timeout, limits.MaxCost) = (TimeSpan.FromMinutes(2), null))))),
            new Principal("agent"));

        Rule(session, "SELECT len(list(i)) FROM (SELECT i FROM range(100000000) t(i))").Should().Be("database.byte-limit");
        Read(session, "SELECT id FROM orders LIMIT 1").Should().Be("1");
        Directory.GetFileSystemEntries(_file.Folder).Should().HaveCount(2, "nothing is written beside the file");
    }

    [Theory]
    [InlineData("INSERT INTO customers VALUES (9, 'x', 'ada@example.org')", "*UNIQUE*")]
    [InlineData("INSERT INTO customers VALUES (1, 'x', 'x@example.org')", "*PRIMARY KEY*")]
    [InlineData("INSERT INTO customers VALUES (9, NULL, 'x@example.org')", "*NOT NULL*")]
    [InlineData("INSERT INTO orders VALUES (9, 'ada', 'x', -1)", "*CHECK*")]
    [InlineData("SELECT CAST(email AS INTEGER) FROM customers", "*")]
    [InlineData("SELECT error(email) FROM customers", "*")]
    public void Errors_quote_neither_values_nor_places(string sql, string expected)
    {
        using var session = _file.Session(db => db.Select("customers", "orders").Insert("customers", "orders"));

        FluentActions.Invoking(() => Read(session, sql)).Should().Throw<DbException>().WithMessage(expected)
            .Which.ToString().Should().NotContain("ada").And.NotContain(_file.Folder);
    }

    [Fact]
    public void What_can_not_be_opened_is_said_without_its_place()
    {
        var broken = _file.Outside("broken.duckdb");
        File.WriteAllText(broken, new string('x', 20_000));
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db.UseDuckDb(broken).Select("orders")))),
            new Principal("agent"));

        FluentActions.Invoking(() => Read(session, "SELECT 1")).Should().Throw<GuardedDatabaseException>()
            .Which.ToString().Should().NotContain(_file.Folder);
        FluentActions.Invoking(() => Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db.UseDuckDb("shop.duckdb")))))
            .Should().Throw<Exception>().WithMessage("*absolute*");
        FluentActions.Invoking(() => Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db.UseDuckDb("/no/such.duckdb")))))
            .Should().Throw<Exception>().WithMessage("*does not exist*");
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static int Run(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        return Run(connection, sql);
    }

    private static int Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static object? Ask(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string Read(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return string.Join(',', rows);
    }

    private static string? Rule(GuardSession session, string sql)
    {
        try
        {
            Read(session, sql);
            return null;
        }
        catch (DbAccessDeniedException denied)
        {
            return denied.Decision.Reason?.Rule;
        }
    }
}
