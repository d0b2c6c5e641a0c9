using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Sqlite;
using Microsoft.Data.Sqlite;

namespace LangGuard.Tests.Data;

/// <summary>The wall inside the engine, with nobody looking at the text before.</summary>
public sealed class SqliteWallTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("SELECT id, status FROM orders WHERE total > 15 ORDER BY id")]
    [InlineData("SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id")]
    [InlineData("WITH t AS (SELECT * FROM orders) SELECT sum(total) FROM t")]
    [InlineData("SELECT name FROM order_names")]
    [InlineData("SELECT 1;")]
    [InlineData("/* report */ SELECT 1 /* done */; -- bye")]
    [InlineData("SELECT 1; ; /* a */ ; -- b\n ; /* done */")]
    public void Runs_what_is_granted(string sql)
    {
        using var session = Open(db => db.Select("orders", "customers", "order_names"));
        using var reader = session.Query(Statement(sql), CancellationToken.None);
        reader.Read().Should().BeTrue();
    }

    [Theory]
    [InlineData("SELECT v FROM secrets")]
    [InlineData("SELECT count(*) FROM secrets")]
    [InlineData("SELECT * FROM orders WHERE id IN (SELECT id FROM secrets)")]
    [InlineData("WITH orders AS (SELECT * FROM secrets) SELECT * FROM orders")]
    [InlineData("SELECT name FROM sqlite_master")]
    [InlineData("SELECT * FROM pragma_table_info('secrets')")]
    [InlineData("PRAGMA query_only = 0")]
    [InlineData("PRAGMA writable_schema = 1")]
    [InlineData("ATTACH ':memory:' AS x")]
    [InlineData("VACUUM INTO '/tmp/langguard-vacuum.db'")]
    [InlineData("DELETE FROM orders")]
    [InlineData("INSERT INTO orders VALUES (9, 1, 'x', 1)")]
    [InlineData("UPDATE orders SET total = 0")]
    [InlineData("DROP TABLE orders")]
    [InlineData("CREATE TEMP TABLE t (x)")]
    [InlineData("CREATE TEMP TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END")]
    [InlineData("ALTER TABLE orders ADD COLUMN x")]
    [InlineData("REINDEX customers")]
    [InlineData("ANALYZE")]
    [InlineData("BEGIN")]
    [InlineData("SAVEPOINT x")]
    [InlineData("SELECT load_extension('x')")]
    [InlineData("SELECT 1; DELETE FROM orders")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1; -- x\nDELETE FROM orders")]
    [InlineData("SELECT 1;/**/;/**/PRAGMA query_only = 0")]
    [InlineData("SELECT 1; EXPLAIN PRAGMA query_only = 0")]
    [InlineData("SELECT id FROM orders /* never closed")]
    public void Refuses_everything_else_without_an_inspector(string sql)
    {
        var before = _shop.Ask("SELECT group_concat(id || status || total) FROM orders");
        using var session = Open(db => db.Select("orders", "customers"));
        var act = () =>
        {
            using var reader = session.Query(Statement(sql), CancellationToken.None);
            while (reader.Read())
            {
                // To the end, so that nothing is left undone.
            }
        };
        act.Should().Throw<SqliteException>();
        _shop.Ask("SELECT group_concat(id || status || total) FROM orders").Should().Be(before);
        _shop.Ask("SELECT count(*) FROM sqlite_master").Should().Be(5L);
        File.Exists("/tmp/langguard-vacuum.db").Should().BeFalse();
    }

    [Fact]
    public void Stops_an_endless_statement_at_its_deadline()
    {
        using var session = Open(db => db.Select("orders"));
        var statement = new EngineStatement(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", [], TimeSpan.FromMilliseconds(100));
        var act = () =>
        {
            using var reader = session.Query(statement, CancellationToken.None);
            reader.Read();
        };
        act.Should().Throw<SqliteException>().Which.SqliteErrorCode.Should().Be(9);
    }

    [Fact]
    public void Changes_more_rows_than_allowed_not_at_all()
    {
        using var session = Open(db => db.Select("orders").Update("orders"));
        session.Change(Statement("UPDATE orders SET total = 0"), 2, CancellationToken.None).Affected.Should().Be(-1);
        _shop.Ask("SELECT sum(total) FROM orders").Should().Be(60.5);
        session.Change(Statement("UPDATE orders SET total = 0 WHERE id = 1"), 2, CancellationToken.None).Affected.Should().Be(1);
        _shop.Ask("SELECT sum(total) FROM orders").Should().Be(50.0);
    }

    private static EngineStatement Statement(string sql) => new(sql, [], TimeSpan.FromSeconds(5));

    [Theory]
    [InlineData("sqlite_master", "SELECT name FROM sqlite_master")]
    [InlineData("sqlite_schema", "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    public void A_catalog_that_the_policy_names_can_be_read_and_never_changed(string catalog, string sql)
    {
        using var session = Open(db => db.Select(catalog).Update(catalog).Delete(catalog));
        using (var reader = session.Query(Statement(sql), CancellationToken.None))
        {
            reader.Read().Should().BeTrue();
        }

        foreach (var change in (string[])["UPDATE sqlite_master SET sql = ''", "DELETE FROM sqlite_schema"])
        {
            session.Invoking(s => s.Change(Statement(change), 100, CancellationToken.None)).Should().Throw<SqliteException>();
        }
    }

    private SqliteEngineSession Open(Action<DatabaseBuilder> configure)
    {
        var options = new DatabaseOptions();
        configure(new DatabaseBuilder(new PolicyBuilder(), "shop", options));
        return (SqliteEngineSession)new SqliteEngine(_shop.Path).Open(new DatabaseScope(options));
    }
}
