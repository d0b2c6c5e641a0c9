using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.PostgreSql;

namespace LangGuard.Tests.Data;

/// <summary>The server's wall alone: nobody has looked at the text, and the login is the owner of everything.</summary>
public sealed class PostgreSqlWallTests(PostgreSqlShop shop) : IClassFixture<PostgreSqlShop>
{
    [Theory]
    [InlineData("SELECT id FROM orders ORDER BY id")]
    [InlineData("VALUES (1), (2)")]
    [InlineData("TABLE orders;")]
    [InlineData("WITH o AS (SELECT * FROM orders) SELECT count(*) FROM o -- done")]
    public void Runs_a_query(string sql)
    {
        using var session = Open();
        using var reader = session.Query(Text(sql), default);

        reader.Read().Should().BeTrue();
    }

    [Theory]
    [InlineData("COMMIT; DROP TABLE orders")]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK; DELETE FROM orders")]
    [InlineData("SET TRANSACTION READ WRITE")]
    [InlineData("SET LOCAL transaction_read_only = off")]
    [InlineData("SELECT set_config('transaction_read_only', 'off', true)")]
    [InlineData("DELETE FROM orders")]
    [InlineData("WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d")]
    [InlineData("SELECT id INTO pwn FROM orders")]
    [InlineData("CREATE TABLE pwn AS SELECT 1")]
    [InlineData("CREATE TEMP TABLE pwn (id int)")]
    [InlineData("SELECT * FROM orders FOR UPDATE")]
    [InlineData("COPY orders TO '/tmp/langguard-pwn.txt'")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'true'")]
    [InlineData("DO $$ BEGIN DELETE FROM orders; END $$")]
    [InlineData("LOCK TABLE orders")]
    [InlineData("NOTIFY c, 'x'")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM orders")]
    [InlineData("PREPARE p AS SELECT 1")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT E'\\''; DROP TABLE orders; --'")]
    [InlineData("SELECT 1 /* ; */; DROP TABLE orders")]
    [InlineData("SELECT 1) TO '/tmp/x'")]
    public void Lets_nothing_but_a_query_through(string sql)
    {
        var before = World();
        using var session = Open();

        Action act = () =>
        {
            using var reader = session.Query(Text(sql), default);
            while (reader.Read())
            {
            }
        };

        act.Should().Throw<DbException>();
        World().Should().Be(before);
    }

    [Theory]
    [InlineData("DROP TABLE orders")]
    [InlineData("CREATE TABLE pwn AS SELECT 1")]
    [InlineData("TRUNCATE orders")]
    [InlineData("GRANT ALL ON orders TO PUBLIC")]
    [InlineData("COMMIT")]
    [InlineData("UPDATE orders SET total = 0 WHERE id = 1; DROP TABLE orders")]
    [InlineData("DO $$ BEGIN DELETE FROM orders; END $$")]
    [InlineData("COPY orders FROM PROGRAM 'true'")]
    [InlineData("SET search_path = x")]
    public void Lets_nothing_but_a_change_of_rows_through(string sql)
    {
        var before = World();
        using var session = Open(db => db.Update("orders"));

        Action act = () => session.Change(Text(sql), 100, default);

        act.Should().Throw<DbException>();
        World().Should().Be(before);
    }

    [Fact]
    public void Changes_nothing_when_too_many_rows_would_change()
    {
        var before = World();
        using var session = Open(db => db.Update("orders"));

        session.Change(Text("UPDATE orders SET total = total + 1"), 2, default).Affected.Should().Be(-1);
        session.Change(Text("WITH d AS (DELETE FROM orders RETURNING id) INSERT INTO orders SELECT 9, 1, 'x', 1"), 3, default)
            .Affected.Should().Be(-1, "rows that WITH removes count too");

        World().Should().Be(before);
    }

    [Fact]
    public void Goes_on_after_an_error()
    {
        using var session = Open();
        Action failing = () => session.Query(Text("SELECT 1 / (id - 1) FROM orders"), default).Dispose();
        failing.Should().Throw<DbException>();

        using var reader = session.Query(Text("SELECT 5"), default);
        reader.Read();
        reader.GetInt32(0).Should().Be(5);
    }

    [Fact]
    public void Carries_no_setting_to_the_next_statement()
    {
        using var session = Open();
        session.Query(Text("SELECT set_config('search_path', 'pwned', false)"), default).Dispose();

        using var reader = session.Query(Text("SELECT current_setting('search_path')"), default);
        reader.Read();
        reader.GetString(0).Should().Be("pg_catalog,public");
    }

    [Fact]
    public void Keeps_two_shapes_apart_although_automatic_preparing_is_asked_for()
    {
        using var engine = Engine(shop.Owner + ";Max Auto Prepare=20;Auto Prepare Min Usages=1");
        using var session = engine.Open(Scope());
        for (var i = 0; i < 100; i++)
        {
            using (var one = session.Query(Text("SELECT id FROM orders ORDER BY id"), default))
            {
                one.FieldCount.Should().Be(1);
            }

            using var two = session.Query(Text("SELECT name, email, id FROM customers ORDER BY id"), default);
            two.FieldCount.Should().Be(3);
            two.Read();
            two.GetString(0).Should().Be("Ada");
        }
    }

    private static EngineStatement Text(string sql) => new(sql, [], TimeSpan.FromSeconds(5));

    private static PostgreSqlEngine Engine(string connectionString) =>
        new(PostgreSqlConnectionSettings.Harden(connectionString), new DatabaseOptions(), ExcessRights.Report);

    private static DatabaseScope Scope(Action<DatabaseBuilder>? configure = null)
    {
        var policy = PostgreSqlShop.PolicyOf(db => (configure ?? (_ => { }))(db.Select("orders", "customers")));
        return new DatabaseScope(policy.Options.LimitPermissions.Database["shop"]);
    }

    private DatabaseEngineSession Open(Action<DatabaseBuilder>? configure = null) => Engine(shop.Owner).Open(Scope(configure));

    private string World() => (string)shop.Ask("""
        SELECT (SELECT string_agg(o::text, ';' ORDER BY id) FROM orders o)
            || (SELECT count(*) FROM pg_class) || (SELECT string_agg(coalesce(relacl::text, ''), '') FROM pg_class WHERE oid >= 16384)
        """)!;
}
