using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>Columns that a statement may use but whose values nobody sees, and stars whose meaning has changed; on both
/// engines.</summary>
public sealed class HiddenColumnTests : IDisposable
{
    private readonly ShopFixture _file = new();
    private readonly PostgreSqlShop _server = new();

    public void Dispose()
    {
        _file.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_hashed_column_groups_and_joins_and_tells_no_value(string engine)
    {
        Run(engine, """
            CREATE TABLE mails (id int PRIMARY KEY, sender text, size int);
            INSERT INTO mails VALUES (1, 'ada@example.org', 5), (2, 'ada@example.org', 5), (3, 'linus@example.org', 7), (4, NULL, 9);
            """);
        using var session = Open(engine, db => db.Select("mails", "customers")
            .HashColumns("mails", "sender", "size").HashColumns("customers", "email"));
        Ask(session, "SELECT count(*) FROM mails GROUP BY sender ORDER BY 1 DESC").Should().Be("2");
        Ask(session, "SELECT count(*) FROM mails AS m JOIN customers AS c ON c.email = m.sender").Should().Be("3");
        Ask(session, "SELECT count(*) FROM mails WHERE sender = 'ada@example.org'").Should().Be("0");
        Ask(session, "SELECT count(*) FROM mails WHERE sender IS NULL").Should().Be("1");
        Ask(session, "SELECT sender FROM mails WHERE id = 1").Should().MatchRegex("^[0-9a-f]{32}$");
        Ask(session, "SELECT count(DISTINCT size) FROM mails").Should().Be("3");
        Ask(session, "SELECT m.* FROM mails AS m WHERE m.id = 3").Should().MatchRegex("^3[|][0-9a-f]{32}[|][0-9a-f]{32}$");
        using var again = Open(engine, db => db.Select("mails").HashColumns("mails", "sender"));
        Ask(again, "SELECT sender FROM mails WHERE id = 1").Should().NotBe(Ask(session, "SELECT sender FROM mails WHERE id = 1"));
        foreach (var sql in (string[])[
            "SELECT lg_keyed_hash('ada@example.org', 'x')", "SELECT count(*) FROM mails WHERE sender = @lg_scope_0"])
        {
            session.Invoking(s => Ask(s, sql)).Should().Throw<Exception>(sql);
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void Hashes_stay_the_same_with_a_key_of_the_host(string engine)
    {
        var key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        using var first = Open(engine, db => db.Select("customers").HashColumns("customers", "email").HashKey(key));
        using var second = Open(engine, db => db.Select("customers").HashColumns("customers", "email").HashKey(key));
        Ask(second, "SELECT email FROM customers WHERE id = 1").Should().Be(Ask(first, "SELECT email FROM customers WHERE id = 1"));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_masked_column_reads_as_null(string engine)
    {
        using var session = Open(engine, db => db.Select("customers").MaskColumns("customers", "email").HashColumns("customers", "email"));
        Ask(session, "SELECT count(email) FROM customers").Should().Be("0");
        Ask(session, "SELECT * FROM customers WHERE id = 1").Should().Be("1|Ada|");
    }

    [Theory]
    [InlineData("sqlite", "SELECT * FROM orders WHERE id = 1")]
    [InlineData("postgres", "SELECT * FROM orders WHERE id = 1")]
    [InlineData("sqlite", "SELECT o.* FROM (SELECT * FROM orders) AS o WHERE o.id = 1")]
    [InlineData("sqlite", "UPDATE orders SET total = 1 WHERE id = 1 RETURNING *")]
    [InlineData("postgres", "UPDATE orders SET total = 1 WHERE id = 1 RETURNING *")]
    public void A_star_does_not_show_a_column_that_took_the_place_of_another(string engine, string sql)
    {
        using var session = Open(engine, db => db.Select("orders").Update("orders"));
        Ask(session, sql).Should().StartWith("1|1|open|");
        Run(engine, "ALTER TABLE orders DROP COLUMN status; ALTER TABLE orders ADD COLUMN card TEXT DEFAULT 'CANARY'");
        session.Invoking(s => Ask(s, sql)).Should().Throw<DbAccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("database.metadata");
        Run(engine, "SELECT 1");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void Stars_of_joins_have_the_columns_that_were_inspected(string engine)
    {
        using var session = Open(engine, db => db.Select("orders", "customers", "secrets"));
        foreach (var sql in (string[])[
            "SELECT * FROM orders JOIN customers ON customers.id = orders.customer_id", "SELECT * FROM orders JOIN secrets USING (id)",
            "SELECT * FROM orders NATURAL JOIN secrets", "SELECT o.*, c.name FROM orders o CROSS JOIN customers c",
            "SELECT * FROM (SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = 1) AS t(a, b, c, d)",
            "WITH t(a, b) AS (SELECT id, status FROM orders) SELECT * FROM t", "SELECT * FROM (VALUES (1, 2), (3, 4)) AS v",
            "SELECT * FROM orders UNION ALL SELECT * FROM orders"])
        {
            if (!(engine == "sqlite" && sql.Contains("t(a, b, c, d)", StringComparison.Ordinal)))
            {
                session.Invoking(s => Ask(s, sql)).Should().NotThrow(sql);
            }
        }
    }

    private GuardSession Open(string engine, Action<DatabaseBuilder> configure) => engine == "sqlite"
        ? _file.Session(db => configure(db.Trusted()))
        : _server.Session(db => configure(db.Trusted()));

    private void Run(string engine, string sql)
    {
        if (engine == "sqlite")
        {
            _file.Run(sql);
        }
        else
        {
            _server.Run(sql);
        }
    }

    private static string? Ask(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        return reader.Read() ? string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)) : null;
    }
}
