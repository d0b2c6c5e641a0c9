using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>The rights of the login: written by the script, compared by the audit, and enforced by a server on which nobody
/// guards.</summary>
public sealed class PostgreSqlRightsTests : IDisposable
{
    private readonly PostgreSqlShop _shop = new();

    [Theory]
    [InlineData("SELECT id, name FROM customers", true)]
    [InlineData("SELECT count(*) FROM orders", true)]
    [InlineData("UPDATE orders SET status = 'x' WHERE id = 1", true)]
    [InlineData("SELECT email FROM customers", false)]
    [InlineData("SELECT * FROM customers", false)]
    [InlineData("SELECT v FROM secrets", false)]
    [InlineData("SELECT peek()", false)]
    [InlineData("DELETE FROM orders WHERE id = 1", false)]
    [InlineData("UPDATE customers SET name = 'x' WHERE id = 1", false)]
    [InlineData("CREATE TABLE pwn (id int)", false)]
    [InlineData("CREATE TEMP TABLE pwn (id int)", false)]
    [InlineData("COPY orders TO '/tmp/langguard-pwn.txt'", false)]
    [InlineData("SELECT pg_read_file('PG_VERSION')", false)]
    public async Task The_server_alone_refuses_what_is_outside_the_policy(string sql, bool works)
    {
        var login = await _shop.RoleAsync(Narrow);

        var act = () => RunUnguarded(login, sql);

        if (works)
        {
            act.Should().NotThrow();
        }
        else
        {
            act.Should().Throw<PostgresException>().Which.SqlState.Should().Be(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Fact]
    public async Task The_audit_finds_nothing_in_a_login_made_by_the_script()
    {
        var login = await _shop.RoleAsync(Narrow);

        (await PostgreSqlCredentialAudit.RunAsync(login, PostgreSqlShop.PolicyOf(Narrow), "shop")).Should().BeEmpty();
    }

    [Fact]
    public async Task The_script_can_run_again_after_the_policy_was_narrowed()
    {
        await _shop.RoleAsync(db => db.Select("orders", "customers", "secrets").Delete("orders"));
        var login = await _shop.RoleAsync(Narrow);

        (await PostgreSqlCredentialAudit.RunAsync(login, PostgreSqlShop.PolicyOf(Narrow), "shop")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("GRANT SELECT ON secrets TO {0}", "SELECT public.secrets")]
    [InlineData("GRANT SELECT (v) ON secrets TO {0}", "SELECT public.secrets")]
    [InlineData("GRANT SELECT ON customers TO {0}", "SELECT public.customers.email")]
    [InlineData("GRANT DELETE ON orders TO {0}", "DELETE public.orders")]
    [InlineData("GRANT TRUNCATE ON orders TO {0}", "TRUNCATE public.orders")]
    [InlineData("GRANT CREATE ON SCHEMA public TO {0}", "CREATE SCHEMA public")]
    [InlineData("GRANT EXECUTE ON FUNCTION peek() TO {0}", "EXECUTE peek()")]
    [InlineData("GRANT pg_read_server_files TO {0}", "MEMBER pg_read_server_files")]
    [InlineData("ALTER TABLE secrets OWNER TO {0}", "OWNER secrets")]
    [InlineData("ALTER ROLE {0} CREATEDB", "CREATEDB ")]
    [InlineData("ALTER ROLE {0} BYPASSRLS", "BYPASSRLS ")]
    public async Task The_audit_finds_every_right_too_many(string grant, string finding)
    {
        var login = await _shop.RoleAsync(Narrow);
        _shop.Run(string.Format(System.Globalization.CultureInfo.InvariantCulture, grant,
            new NpgsqlConnectionStringBuilder(login).Username));

        var findings = await PostgreSqlCredentialAudit.RunAsync(login, PostgreSqlShop.PolicyOf(Narrow), "shop");

        findings.Select(found => $"{found.Right} {found.On}").Should().Contain(finding);
    }

    [Fact]
    public async Task A_superuser_is_one_finding()
    {
        (await PostgreSqlCredentialAudit.RunAsync(_shop.Owner, PostgreSqlShop.PolicyOf(Narrow), "shop"))
            .Should().Contain(found => found.Right == "SUPERUSER");
    }

    [Fact]
    public async Task Refuses_a_login_with_excess_rights_where_the_policy_says_so()
    {
        var login = await _shop.RoleAsync(Narrow);
        using var least = Strict(login);
        using var owner = Strict(_shop.Owner);

        (await PostgreSqlDatabaseTests.AskAsync(least, "SELECT count(*) FROM orders")).Should().Be(3L);
        var act = async () => await PostgreSqlDatabaseTests.AskAsync(owner, "SELECT count(*) FROM orders");

        (await act.Should().ThrowAsync<DbAccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("database.excess-rights");
    }

    public void Dispose() => _shop.Dispose();

    private static void Narrow(DatabaseBuilder db) =>
        db.Select("orders", "customers").Update("orders").DenyColumns("customers", "email");

    private static GuardSession Strict(string login) => Support.Operations.SessionOf(policy =>
        policy.LimitPermissions(allow => allow.Database("shop", db => Narrow(db.UsePostgreSql(login, ExcessRights.Refuse)))));

    private static void RunUnguarded(string login, string sql)
    {
        using var connection = new NpgsqlConnection(login);
        connection.Open();
        using (var transaction = connection.BeginTransaction())
        {
            using var command = new NpgsqlCommand(sql, connection, transaction);
            command.ExecuteNonQuery();
        }
    }
}
