using System.Data.Common;
using System.Security.Cryptography;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>Row filters that the server enforces, with nobody guarding before it.</summary>
public sealed class PostgreSqlRowSecurityTests : IDisposable
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private readonly PostgreSqlShop _shop = new();
    private readonly string _login;

    public PostgreSqlRowSecurityTests()
    {
        _shop.Run("""
            CREATE TABLE notes (id int PRIMARY KEY, tenant int NOT NULL, text text NOT NULL);
            INSERT INTO notes VALUES (1, 1, 'mine'), (2, 2, 'CANARY');
            """);
        var role = new NpgsqlConnectionStringBuilder(_shop.Owner).Database + "_agent";
        for (var run = 0; run < 2; run++)
        {
            // Twice: the script can run again.
            _shop.Run(PostgreSqlGrantScript.CreateAsync(_shop.Owner, PostgreSqlShop.PolicyOf(Rows), "shop", role, Key).GetAwaiter().GetResult());
        }

        _shop.Run($"ALTER ROLE {role} PASSWORD 'agent'");
        _login = new NpgsqlConnectionStringBuilder(_shop.Owner) { Username = role, Password = "agent", Pooling = false }.ConnectionString;
    }

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("SELECT text FROM notes ORDER BY id")]
    [InlineData("SELECT query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT set_config('langguard.rows', '', true), query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT set_config('langguard.tenant', '2', true), query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT set_config('langguard.rows', encode('{\"until\":9999999999,\"rows\":{\"tenant\":\"2\"}}', 'hex') || '.' || repeat('0', 64), true), query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT set_config('langguard.rows', replace(current_setting('langguard.rows'), '31', '32'), true), query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT set_config('role', 'none', true), query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT set_config('row_security', 'off', true), query_to_xml('SELECT text FROM notes', true, false, '')::text")]
    [InlineData("SELECT key FROM langguard.row_keys")]
    [InlineData("SELECT text FROM notes WHERE text::int > 0")]
    public void The_server_shows_no_row_of_another_tenant(string sql)
    {
        using var engine = new PostgreSqlEngine(
            PostgreSqlConnectionSettings.Harden(_login), new DatabaseOptions(), ExcessRights.Report, Key);
        using var session = engine.Open(Scope());
        var statement = new EngineStatement(sql, [], TimeSpan.FromSeconds(30)) { Principal = new Principal("u", "1") };
        var seen = string.Empty;
        try
        {
            using var reader = session.Query(statement, default);
            while (reader.Read())
            {
                seen += string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i)));
            }
        }
        catch (DbException error)
        {
            seen += error.ToString();
        }

        seen.Should().NotContain("CANARY");
        if (sql.StartsWith("SELECT text FROM notes ORDER", StringComparison.Ordinal))
        {
            seen.Should().Be("mine");
        }
    }

    [Fact]
    public void A_login_without_signed_values_sees_and_writes_nothing_and_others_are_not_touched()
    {
        using var connection = new NpgsqlConnection(_login);
        connection.Open();
        using var count = new NpgsqlCommand("SELECT count(*) FROM notes", connection);
        count.ExecuteScalar().Should().Be(0L);
        using var insert = new NpgsqlCommand(
            "SET default_transaction_read_only = off; INSERT INTO notes VALUES (9, 1, 'x')", connection);
        insert.Invoking(c => c.ExecuteNonQuery()).Should().Throw<PostgresException>();
        _shop.Run("CREATE ROLE langguard_bystander; GRANT SELECT ON notes TO langguard_bystander");
        try
        {
            using var other = new NpgsqlConnection(_shop.Owner);
            other.Open();
            using var look = new NpgsqlCommand("SET ROLE langguard_bystander; SELECT count(*) FROM notes", other);
            look.ExecuteScalar().Should().Be(2L);
        }
        finally
        {
            _shop.Run("DROP OWNED BY langguard_bystander; DROP ROLE langguard_bystander");
        }
    }

    [Fact]
    public async Task Both_walls_agree_on_reads_and_writes()
    {
        using var session = GuardSession.Create(
            Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", db =>
                Rows(db.UsePostgreSql(_login, ExcessRights.Refuse, Key).Trusted())))),
            new Principal("u", "1"));
        (await PostgreSqlDatabaseTests.AskAsync(session, "SELECT string_agg(text, ',') FROM notes")).Should().Be("mine");
        (await PostgreSqlDatabaseTests.AskAsync(session, "INSERT INTO notes VALUES (3, 1, 'new') RETURNING text")).Should().Be("new");
        await FluentActions.Awaiting(() => PostgreSqlDatabaseTests.AskAsync(session, "INSERT INTO notes VALUES (4, 2, 'new') RETURNING text"))
            .Should().ThrowAsync<DbException>();
        _shop.Ask("SELECT count(*) FROM notes").Should().Be(3L);
    }

    [Fact]
    public async Task The_audit_says_when_only_the_inspector_filters_rows()
    {
        (await PostgreSqlCredentialAudit.RunAsync(_login, PostgreSqlShop.PolicyOf(Rows), "shop")).Should().BeEmpty();
        _shop.Run("ALTER TABLE notes DISABLE ROW LEVEL SECURITY");
        (await PostgreSqlCredentialAudit.RunAsync(_login, PostgreSqlShop.PolicyOf(Rows), "shop"))
            .Should().ContainSingle().Which.Right.Should().Be("ROWS");
    }

    private static void Rows(DatabaseBuilder db) => db.Select("notes").Insert("notes").Update("notes").RowsOfTenant("notes", "tenant");

    private static DatabaseScope Scope() =>
        new(PostgreSqlShop.PolicyOf(Rows).Options.LimitPermissions.Database["shop"]);
}
