using System.Data.Common;
using System.Globalization;
using LangGuard.Data;
using LangGuard.MySql;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>A guarded database of MySQL or MariaDB as an agent and its host see it.</summary>
public sealed class MySqlDatabaseTests(MySqlShop shop) : IClassFixture<MySqlShop>
{
    [Fact]
    public async Task The_script_makes_a_user_that_can_do_what_the_policy_grants_and_no_more()
    {
        static void Configure(DatabaseBuilder db) =>
            db.Select("customers", "orders").Update("orders").DenyColumns("customers", "email").Functions("wipe");
        var user = await shop.UserAsync(Configure);

        (await MySqlCredentialAudit.RunAsync(user, MySqlShop.PolicyOf(Configure), "shop")).Should().BeEmpty();
        (await MySqlCredentialAudit.RunAsync(user, MySqlShop.PolicyOf(db => db.Select("customers")), "shop"))
            .Select(finding => finding.Right).Should().Contain(["SELECT", "UPDATE", "EXECUTE"]);
        using var session = shop.Session(Configure, user);
        Read(session, "SELECT name FROM customers ORDER BY id").Should().Be("Ada,Linus");
        Rule(session, "SELECT email FROM customers").Should().Be("database.column");
        Rule(session, "SELECT * FROM customers").Should().Be("database.column");
    }

    [Fact]
    public async Task The_audit_names_what_an_administrator_can_do_too_much()
    {
        var findings = await MySqlCredentialAudit.RunAsync(
            shop.Owner, MySqlShop.PolicyOf(db => db.Select("orders").RowsOfTenant("orders", "tenant")), "shop");

        findings.Select(finding => finding.Right).Should().Contain(["ALL PRIVILEGES", "GRANT OPTION", "ROWS"]);
        using var session = shop.Session(db => db.Select("orders"));
    }

    [Fact]
    public void Filters_rows_by_the_very_text()
    {
        using var session = shop.Session(db => db.Select("orders").RowsOfTenant("orders", "tenant"), tenant: "blue");

        Read(session, "SELECT id FROM orders").Should().Be("1");
        Read(session, "SELECT count(*) FROM orders WHERE tenant = 'BLUE'").Should().Be("1", "the server finds the blue row for BLUE, too");
    }

    [Fact]
    public void Masks_and_hashes_columns()
    {
        using var session = shop.Session(db => db.Select("customers").MaskColumns("customers", "email").HashColumns("customers", "name"));

        Read(session, "SELECT count(email) FROM customers").Should().Be("0");
        Read(session, "SELECT count(DISTINCT name), max(length(name)), sum(name = 'Ada') FROM customers").Should().Be("2|32|0");
    }

    [Fact]
    public void Binds_parameters_as_data()
    {
        using var session = shop.Session(db => db.Select("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders WHERE status = @status AND total > @total -- ?";
        Add(command, "@status", "open");
        Add(command, "@total", 20m);

        command.ExecuteScalar().Should().Be(3);
        command.Parameters[0].Value = "\\' OR 1=1; DROP TABLE orders -- ";
        command.ExecuteScalar().Should().BeNull();
    }

    [Fact]
    public void Changes_rows_within_the_limit_and_takes_back_what_is_more()
    {
        using var session = shop.Session(db => db.Select("orders", "customers").Update("orders").Limit(limits => limits.MaxAffectedRows = 1));
        var before = shop.World();

        Rule(session, "UPDATE orders SET status = 'x' WHERE id > 0").Should().Be("database.affected-rows");
        shop.World().Should().Be(before);
        Run(session, "UPDATE orders o JOIN customers c ON c.id = o.id SET o.status = @s WHERE o.id = 1", "done").Should().Be(1);
        shop.Ask("SELECT status FROM orders WHERE id = 1").Should().Be("done");
        shop.Run("UPDATE orders SET status = 'open' WHERE id = 1");
    }

    [Fact]
    public void Changes_no_table_that_takes_nothing_back()
    {
        using var session = shop.Session(db => db.Select("old_notes").Delete("old_notes"));

        FluentActions.Invoking(() => Run(session, "DELETE FROM old_notes WHERE id = 1", "x")).Should().Throw<DbException>();
        shop.Ask("SELECT count(*) FROM old_notes").Should().Be("1");
    }

    [Fact]
    public void Refuses_more_rows_than_the_policy_allows_and_goes_on()
    {
        using var session = shop.Session(db => db.Select("orders").Limit(limits => limits.MaxRows = 2));

        Rule(session, "SELECT id FROM orders").Should().Be("database.row-limit");
        Rule(session, "SELECT a.id FROM orders a, orders b, orders c LIMIT 1000000").Should().Be("database.row-limit");
        Read(session, "SELECT id FROM orders LIMIT 1").Should().Be("1");
    }

    [Fact]
    public void Errors_quote_no_values()
    {
        using var session = shop.Session(db => db.Select("orders", "customers").Insert("customers"));

        FluentActions.Invoking(() => Run(session, "INSERT INTO customers (id, name, email) VALUES (9, @s, 'ada@example.org')", "x"))
            .Should().Throw<GuardedDatabaseException>().WithMessage("*UNIQUE*").Which.Message.Should().NotContain("ada");
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static int Run(GuardSession session, string sql, string value)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (sql.Contains('@', StringComparison.Ordinal) && sql.Contains("@s", StringComparison.Ordinal))
        {
            Add(command, "@s", value);
        }

        return command.ExecuteNonQuery();
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
