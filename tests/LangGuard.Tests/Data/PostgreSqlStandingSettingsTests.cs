using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>Settings that stand on a connection: no statement changes them for the next, although nobody has looked at its text
/// and the login is the owner of everything.</summary>
public sealed class PostgreSqlStandingSettingsTests(PostgreSqlShop shop) : IClassFixture<PostgreSqlShop>
{
    private const string ForConnection = "set_config('search_path','pg_catalog,public',false)";
    private const string ForStatement = "set_config('search_path','pg_catalog,public',true)";

    public static TheoryData<string, string> Attempts => new()
    {
        { "statement_timeout", "0" },
        { "lock_timeout", "0" },
        { "idle_in_transaction_session_timeout", "0" },
        { "search_path", "pwned" },
        { "standard_conforming_strings", "off" },
        { "row_security", "off" },
        { "default_transaction_read_only", "off" },
        { "role", "pg_monitor" },
        { "session_authorization", "pg_monitor" },
        { "langguard.rows", "pwned" },
    };

    [Theory]
    [MemberData(nameof(Attempts))]
    public void Carries_no_setting_to_the_next_statement(string name, string value)
    {
        using var session = Open(shop.Owner);
        Stand(session);

        // Once it was used, a setting of a name of one's own is empty rather than missing.
        var now = $"SELECT coalesce(current_setting('{name}', true), '')";
        var before = Ask(session, now);

        Ask(session, $"SELECT set_config('{name}', '{value}', false)").Should().Be(value, "it holds for the statement itself");
        Ask(session, now).Should().Be(before);
        Ask(session, "SELECT current_setting('transaction_read_only')").Should().Be("on");
    }

    [Theory]
    [MemberData(nameof(Attempts))]
    public void Without_the_guard_a_setting_stays(string name, string value)
    {
        using var connection = new NpgsqlConnection(shop.Owner);
        connection.Open();
        using var command = new NpgsqlCommand($"SELECT set_config('{name}', '{value}', false)", connection);
        command.ExecuteNonQuery();

        command.CommandText = $"SELECT current_setting('{name}', true)";
        command.ExecuteScalar().Should().Be(value);
    }

    [Fact]
    public void Carries_no_setting_on_after_an_error()
    {
        using var session = Open(shop.Owner);
        Stand(session);
        Action act = () => Ask(session, "SELECT set_config('search_path', 'pwned', false), 1 / (id - id) FROM orders");

        act.Should().Throw<DbException>();
        Ask(session, "SELECT current_setting('search_path')").Should().Be("pg_catalog,public");
    }

    [Fact]
    public void Sets_everything_again_after_a_change()
    {
        using var session = Open(shop.Owner, db => db.Update("orders"));
        Stand(session);
        session.Change(
            Text("UPDATE orders SET total = total WHERE id = 1 AND set_config('search_path', 'pwned', false) <> ''"), 1, default)
            .Affected.Should().Be(1);

        for (var i = 0; i < 4; i++)
        {
            Ask(session, "SELECT current_setting('search_path')").Should().Be("pg_catalog,public");
        }
    }

    [Fact]
    public void Sets_another_limit_of_time_for_the_statement_that_has_one()
    {
        using var session = Open(shop.Owner);
        Stand(session);

        Ask(session, "SELECT current_setting('statement_timeout')").Should().Be("5s");
        Ask(session, "SELECT current_setting('statement_timeout')", seconds: 1).Should().Be("1s");
        Ask(session, "SELECT current_setting('statement_timeout')").Should().Be("5s");
        Action act = () => Ask(session, "SELECT pg_sleep(30)", seconds: 1);
        act.Should().Throw<PostgresException>().Which.SqlState.Should().Be(PostgresErrorCodes.QueryCanceled);
    }

    [Fact]
    public void Ends_a_statement_that_runs_longer_than_the_limit_that_stands()
    {
        using var session = Open(shop.Owner);
        Stand(session, seconds: 1);
        Action act = () => Ask(session, "SELECT pg_sleep(30)", seconds: 1);

        act.Should().Throw<PostgresException>().Which.SqlState.Should().Be(PostgresErrorCodes.QueryCanceled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sets_nothing_on_a_connection_that_a_pooler_shares(bool isPooled)
    {
        using var route = new PostgreSqlRoute(shop.Owner, hidesProcess: isPooled);
        using var session = Open(route.ConnectionString);
        Stand(session);
        var first = route.Said();
        Ask(session, "SELECT current_setting('search_path')").Should().Be("pg_catalog,public");
        var next = route.Said();

        first.Contains(ForConnection, StringComparison.Ordinal).Should().Be(!isPooled);
        next.Should().NotContain(ForConnection);
        next.Contains(ForStatement, StringComparison.Ordinal).Should().Be(isPooled);
    }

    [Fact]
    public void Passes_the_principals_rows_with_every_statement()
    {
        using var session = Open(shop.Owner, rowKey: new byte[32]);
        Stand(session);

        var one = Ask(session, "SELECT current_setting('langguard.rows')", principal: "one");
        Ask(session, "SELECT current_setting('langguard.rows', true)", principal: null).Should().Be(string.Empty);
        one.Should().Contain(".", "it is signed");
    }

    /// <summary>From the third query on nothing is set any more.</summary>
    private static void Stand(DatabaseEngineSession session, int seconds = 5)
    {
        for (var i = 0; i < 3; i++)
        {
            Ask(session, "SELECT 'ready'", seconds);
        }
    }

    private static string? Ask(DatabaseEngineSession session, string sql, int seconds = 5, string? principal = null)
    {
        using var reader = session.Query(
            Text(sql, seconds) with { Principal = principal is null ? null : new Principal(principal) }, default);
        reader.Read().Should().BeTrue();
        return reader.IsDBNull(0) ? null : reader.GetValue(0).ToString();
    }

    private static EngineStatement Text(string sql, int seconds = 5) => new(sql, [], TimeSpan.FromSeconds(seconds));

    private static DatabaseEngineSession Open(
        string connectionString, Action<DatabaseBuilder>? configure = null, ReadOnlyMemory<byte> rowKey = default)
    {
        var policy = PostgreSqlShop.PolicyOf(db => (configure ?? (_ => { }))(db.Select("orders", "customers")));
        return new PostgreSqlEngine(
                PostgreSqlConnectionSettings.Harden(connectionString), new DatabaseOptions(), ExcessRights.Report, rowKey)
            .Open(new DatabaseScope(policy.Options.LimitPermissions.Database["shop"]));
    }
}
