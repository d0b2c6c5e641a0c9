using System.Data.Common;
using LangGuard.Data;
using LangGuard.MySql;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>The server's wall alone: nobody has looked at the text, and the login may do everything.</summary>
public sealed class MySqlWallTests(MySqlShop shop) : IClassFixture<MySqlShop>
{
    [Theory]
    [InlineData("SELECT id FROM orders ORDER BY id")]
    [InlineData("SELECT o.*, c.* FROM orders o, customers c")]
    [InlineData("(SELECT 1 AS a) UNION (SELECT 2) ORDER BY a LIMIT 1")]
    [InlineData("WITH o AS (SELECT * FROM orders) SELECT count(*) FROM o -- done")]
    [InlineData("SELECT 'a\\'; DROP TABLE orders; -- '")]
    public void Runs_a_query(string sql)
    {
        using var session = Open();
        using var reader = session.Query(Text(sql), default);

        reader.Read().Should().BeTrue();
    }

    [Theory]
    [InlineData("COMMIT; DROP TABLE orders")]
    [InlineData("COMMIT")]
    [InlineData("SET SESSION TRANSACTION READ WRITE")]
    [InlineData("SET GLOBAL general_log = 1")]
    [InlineData("DELETE FROM orders")]
    [InlineData("/*!50000 DELETE FROM orders */")]
    [InlineData("SELECT 1) OR 1 = (1 -- ; DELETE FROM orders")]
    [InlineData("SELECT 1)); DELETE FROM orders; -- ")]
    [InlineData("SELECT 1) UNION (SELECT 2) INTO OUTFILE '/tmp/langguard-pwn.txt' -- ")]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/langguard-pwn.txt'")]
    [InlineData("SELECT 1 INTO DUMPFILE '/tmp/langguard-pwn.txt'")]
    [InlineData("SELECT id FROM orders INTO @x")]
    [InlineData("SELECT wipe()")]
    [InlineData("CREATE TABLE pwn AS SELECT 1")]
    [InlineData("CREATE TEMPORARY TABLE pwn (id int)")]
    [InlineData("DROP TABLE orders")]
    [InlineData("TRUNCATE orders")]
    [InlineData("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE old_notes")]
    [InlineData("HANDLER secrets OPEN")]
    [InlineData("DO sleep(0)")]
    [InlineData("CALL x()")]
    [InlineData("PREPARE s FROM 'DELETE FROM orders'")]
    [InlineData("EXECUTE IMMEDIATE 'DELETE FROM orders'")]
    [InlineData("LOCK TABLES orders WRITE")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1--1;DROP TABLE orders")]
    [InlineData("SELECT '\\'', 1; DROP TABLE orders; -- '")]
    [InlineData("SET STATEMENT max_statement_time = 0 FOR SELECT 1")]
    [InlineData("SHOW GRANTS")]
    [InlineData("DESCRIBE secrets")]
    public void Lets_nothing_but_a_query_through(string sql)
    {
        var before = shop.World();
        using var session = Open();

        Action act = () =>
        {
            using var reader = session.Query(Text(sql), default);
            while (reader.Read())
            {
            }
        };

        act.Should().Throw<DbException>();
        shop.World().Should().Be(before);
        File.Exists("/tmp/langguard-pwn.txt").Should().BeFalse();
    }

    [Theory]
    [InlineData("UPDATE orders SET total = 0 WHERE id = 1; DROP TABLE orders")]
    [InlineData("COMMIT; DELETE FROM orders")]
    [InlineData("DELETE FROM orders")]
    public void Changes_no_more_than_was_asked_for(string sql)
    {
        var before = shop.World();
        using var session = Open(db => db.Update("orders"));

        var affected = 0;
        try
        {
            affected = session.Change(Text(sql), 1, default).Affected;
        }
        catch (DbException)
        {
            affected = -1;
        }

        affected.Should().Be(-1);
        shop.World().Should().Be(before);
    }

    [Fact]
    public void Ends_a_statement_that_takes_too_long()
    {
        using var session = Open();

        Action act = () =>
        {
            using var reader = session.Query(
                new EngineStatement("SELECT sleep(100), benchmark(10000000000, md5('a'))", [], TimeSpan.FromMilliseconds(200)), default);
            while (reader.Read())
            {
            }
        };

        act.Should().Throw<DbException>();
    }

    [Fact]
    public void Leaves_nothing_in_the_session_for_the_next()
    {
        using var engine = Engine();
        using (var session = engine.Open(new DatabaseScope(new DatabaseOptions())))
        using (session.Query(Text("SELECT @a := 1"), default))
        {
        }

        using var next = engine.Open(new DatabaseScope(new DatabaseOptions()));
        using var reader = next.Query(Text("SELECT @a"), default);
        reader.Read();
        reader.IsDBNull(0).Should().BeTrue();
    }

    private static EngineStatement Text(string sql) => new(sql, [], TimeSpan.FromSeconds(20));

    private MySqlEngine Engine() =>
        new(MySqlConnectionSettings.Harden(shop.Owner + ";Pooling=true;MaximumPoolSize=1"), new DatabaseOptions(), ExcessRights.Report);

    private EngineSession Open(Action<DatabaseBuilder>? configure = null) => new(Engine(), configure);

    /// <summary>A session with the engine that it is of.</summary>
    private sealed class EngineSession(MySqlEngine engine, Action<DatabaseBuilder>? configure) : IDisposable
    {
        private readonly DatabaseEngineSession _session = engine.Open(new DatabaseScope(
            MySqlShop.PolicyOf(configure ?? (db => db.Select("orders"))).Options.LimitPermissions.Database["shop"]));

        internal DbDataReader Query(EngineStatement statement, CancellationToken token) => _session.Query(statement, token);

        internal EngineChange Change(EngineStatement statement, int most, CancellationToken token) =>
            _session.Change(statement, most, token);

        public void Dispose()
        {
            _session.Dispose();
            engine.Dispose();
        }
    }
}
