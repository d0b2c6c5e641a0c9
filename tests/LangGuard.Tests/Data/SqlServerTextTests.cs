using System.Text;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.SqlServer;
using LangGuard.Tests.Data.Sql;
using Microsoft.Data.SqlClient;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace LangGuard.Tests.Data;

/// <summary>The texts that would go to a SQL Server, read by its own parser: there is no server here.</summary>
public sealed class SqlServerTextTests
{
    [Theory]
    [InlineData("SELECT note FROM orders o WHERE id = 1")]
    [InlineData("UPDATE orders SET note = 'x' WHERE id = 1 OR 1 = 1")]
    [InlineData("DELETE FROM orders WHERE id = 1")]
    [InlineData("DELETE o FROM orders o JOIN reviews r ON r.id = o.id WHERE o.id = 1 OR r.id = 2")]
    [InlineData("INSERT INTO orders (id, customer_id) VALUES (1, 2)")]
    [InlineData("INSERT INTO orders (id, customer_id) OUTPUT inserted.id VALUES (1, 2)")]
    [InlineData("INSERT INTO orders (id, customer_id) SELECT id, id FROM reviews")]
    public void Confines_rows_in_a_text_that_both_parsers_read(string sql)
    {
        var scope = Scope(filters: [new SqlRowFilter("customer_id", "7")]);
        var rewrite = SqlRewriter.Rewrite(sql, SqlShop.Facts(sql, SqlDialect.TSql), [scope]);

        rewrite.Refusal.Should().BeNull();
        rewrite.Text.Should().Contain("@lg_scope_0").And.Contain("varbinary(8000)");
        rewrite.HasScopeColumn.Should().Be(sql.StartsWith("INSERT", StringComparison.Ordinal));
        var facts = SqlShop.Facts(rewrite.Text, SqlDialect.TSql);
        SecondOpinion.Disagreement(rewrite.Text[..facts.End], facts, "dbo").Should().BeNull();
    }

    [Fact]
    public void Masks_and_hashes_columns_in_a_text_that_both_parsers_read()
    {
        const string Sql = "SELECT note, status FROM orders WHERE note = 'x'";
        var rewrite = SqlRewriter.Rewrite(Sql, SqlShop.Facts(Sql, SqlDialect.TSql), [Scope(masked: ["note"], hashed: ["status"])]);

        rewrite.Text.Should().Contain("CAST(NULL AS nvarchar(4000)) AS \"note\"").And.Contain("HASHBYTES").And.Contain("TOP (9223372036854775807)");
        var facts = SqlShop.Facts(rewrite.Text, SqlDialect.TSql);
        SecondOpinion.Disagreement(rewrite.Text[..facts.End], facts, "dbo").Should().BeNull();
    }

    [Fact]
    public void Sends_text_and_values_apart_from_its_own_statements()
    {
        const string Sql = "SELECT id FROM orders WHERE note = @note AND total > @Total AND id = @id";
        var statement = new EngineStatement(
            Sql, [new("@NOTE", "'; DROP TABLE orders --"), new("total", 1.25m), new("@id", null), new("@other", 1)], TimeSpan.FromSeconds(1))
        {
            Facts = SqlShop.Facts(Sql, SqlDialect.TSql),
        };
        using var command = new SqlCommand();
        var text = new StringBuilder(SqlServerText.Settings(11, endsOnError: true)).Append(SqlServerText.Isolation(hasSnapshots: true)).Append("BEGIN TRANSACTION;");
        SqlServerText.Execute(text, command, Sql, statement);

        text.ToString().Should().NotContain("orders").And.Contain("SET ROWCOUNT 11").And.Contain("ISOLATION LEVEL SNAPSHOT")
            .And.EndWith("EXEC sys.sp_executesql @langguard_text, @langguard_types, @note = @langguard_0, @Total = @langguard_1, @id = @langguard_2;");
        command.Parameters["@langguard_types"].Value.Should().Be("@note nvarchar(4000), @Total decimal(38, 2), @id nvarchar(4000)");
        command.Parameters["@langguard_0"].Value.Should().Be("'; DROP TABLE orders --");
        command.Parameters.Count.Should().Be(5);
        Errors(text.ToString()).Should().BeEmpty();
    }

    [Fact]
    public void Refuses_a_parameter_without_a_value()
    {
        var statement = new EngineStatement("SELECT @a", [], TimeSpan.FromSeconds(1)) { Facts = SqlShop.Facts("SELECT @a", SqlDialect.TSql) };
        using var command = new SqlCommand();

        FluentActions.Invoking(() => SqlServerText.Execute(new StringBuilder(), command, "SELECT @a", statement)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Writes_a_script_that_the_server_reads()
    {
        var options = OptionsOf(db => db
            .Select("orders", "customers").Update("orders").DenyColumns("customers", "email").RowsOfTenant("orders", "customer_id")
            .Functions("order_total"));
        var script = SqlServerGrantScript.Write(
            SqlShop.TSql.Tables.Select(table => (table.Schema, table.Name, table.Columns)), options, "dbo", "agent's ]role");

        Errors(script).Should().BeEmpty();
        script.Should().Contain("GRANT SELECT ON [dbo].[customers] ([id], [name], [country], [city], [signup_date], [referrer_id]) TO [agent's ]]role]")
            .And.Contain("DENY SELECT ON [dbo].[customers] ([email])")
            .And.Contain("DENY SELECT, INSERT, UPDATE, DELETE ON [dbo].[api_keys]")
            .And.Contain("DENY DELETE ON [dbo].[orders]")
            .And.Contain("ADD BLOCK PREDICATE")
            .And.Contain("SESSION_CONTEXT(N''langguard.tenant'')")
            .And.Contain("sys.database_permissions");
    }

    [Fact]
    public void Asks_about_rights_in_texts_that_the_server_reads()
    {
        foreach (var query in (string[])[SqlServerCredentialQueries.Roles, SqlServerCredentialQueries.Rights, SqlServerCredentialQueries.Reach, SqlServerCredentialQueries.Objects])
        {
            Errors(query).Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("not a connection string", "can not be read")]
    [InlineData("Server=db;User ID=a;Password=secret", "names no database")]
    [InlineData("Server=db;Initial Catalog=shop;AttachDbFilename=C:\\x.mdf", "attaches a file")]
    public void Refuses_a_connection_string_that_says_too_little_or_too_much(string connectionString, string problem)
    {
        var failure = FluentActions.Invoking(() => Policy.Create(guard => guard.LimitPermissions(allow =>
            allow.Database("shop", db => db.UseSqlServer(connectionString).Select("orders"))))).Should().Throw<Exception>().Which;

        failure.Message.Should().Contain(problem).And.NotContain("secret");
    }

    [Fact]
    public void Overrules_settings_that_weaken_the_guard()
    {
        var settings = SqlServerConnectionSettings.Harden("Server=db;Initial Catalog=shop;MultipleActiveResultSets=true;Enlist=true;Persist Security Info=true");

        (settings.MultipleActiveResultSets, settings.Enlist, settings.PersistSecurityInfo).Should().Be((false, false, false));
    }

    private static SqlTableScope Scope(SqlRowFilter[]? filters = null, string[]? masked = null, string[]? hashed = null) =>
        new(SqlShop.TSql.Find([], "orders")!, filters ?? [], masked ?? []) { Hashed = hashed ?? [], HashKey = "key" };

    private static DatabaseOptions OptionsOf(Action<DatabaseBuilder> configure) =>
        Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", configure))).Options.LimitPermissions.Database["shop"];

    private static IEnumerable<string> Errors(string sql)
    {
        using var reader = new StringReader(sql);
        new TSql180Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        return errors.Select(error => error.Message);
    }
}
