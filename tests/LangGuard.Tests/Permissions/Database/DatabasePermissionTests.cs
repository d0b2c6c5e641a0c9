using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Tests.Data;
using LangGuard.Tests.Data.Sql;

namespace LangGuard.Tests.Databases;

public sealed class DatabasePermissionTests
{
    [Theory]
    [InlineData("SELECT id FROM orders", null)]
    [InlineData("SELECT id FROM Orders", null)]
    [InlineData("SELECT id FROM main.orders", null)]
    [InlineData("SELECT name FROM customers", null)]
    [InlineData("SELECT count(*) FROM customers", null)]
    [InlineData("UPDATE orders SET total = 1 WHERE id = 1", null)]
    [InlineData("SELECT email FROM customers", "database.column")]
    [InlineData("SELECT * FROM customers", "database.column")]
    [InlineData("SELECT rowid FROM customers", "database.column")]
    [InlineData("SELECT name FROM customers ORDER BY email", "database.column")]
    [InlineData("SELECT v FROM api_keys", "database.table")]
    [InlineData("SELECT v FROM no_such_table", "database.table")]
    [InlineData("SELECT sql FROM sqlite_master", "database.table")]
    [InlineData("SELECT region FROM sales.orders", "database.table")]
    [InlineData("DELETE FROM orders WHERE id = 1", "database.table")]
    [InlineData("UPDATE customers SET name = 'x' WHERE id = 1", "database.table")]
    [InlineData("UPDATE orders SET total = 1", "database.no-where")]
    [InlineData("SELECT load_extension('x')", "database.function")]
    [InlineData("SELECT order_total(id) FROM orders", null)]
    public void Decides_by_tables_columns_and_functions(string sql, string? rule)
    {
        var decision = Decide(sql, SqlDialect.Sqlite, db => db
            .Select("orders", "customers").Update("orders").DenyColumns("customers", "email").Functions("order_total"));

        decision.Reason?.Rule.Should().Be(rule);
        decision.IsAllowed.Should().Be(rule is null);
    }

    [Theory]
    [InlineData("SELECT table_name FROM information_schema.tables", true)]
    [InlineData("SELECT table_name FROM information_schema.columns", false)]
    [InlineData("SELECT relname FROM pg_class", false)]
    [InlineData("SELECT id FROM \"public\".orders", true)]
    [InlineData("SELECT id FROM sales.orders", false)]
    [InlineData("SELECT public.order_total(id), order_total(id) FROM orders", true)]
    [InlineData("SELECT sales.order_total(id) FROM orders", false)]
    [InlineData("SELECT purge_orders()", false)]
    [InlineData("SELECT current_user", false)]
    public void Names_a_schema_where_the_policy_does(string sql, bool allowed) =>
        Decide(sql, SqlDialect.PostgreSql, db => db
            .Select("public.orders", "information_schema.tables").Functions("public.order_total")).IsAllowed
            .Should().Be(allowed);

    [Fact]
    public void Grants_one_of_two_tables_that_differ_in_case()
    {
        var schema = new SqlSchema(
            SqlDialect.PostgreSql,
            [new SqlTable("public", "Keys", ["id"]), new SqlTable("public", "keys", ["id"])]);

        Decide("SELECT id FROM keys", schema, db => db.Select("keys")).IsAllowed.Should().BeTrue();
        Decide("SELECT id FROM \"Keys\"", schema, db => db.Select("keys")).IsAllowed.Should().BeFalse();
    }

    [Fact]
    public void Denies_a_table_when_a_denied_column_is_gone()
    {
        // Renamed by a migration, the column would be open to everyone.
        var schema = new SqlSchema(SqlDialect.Sqlite, [new SqlTable("main", "customers", ["id", "email_address"])]);

        Decide("SELECT id FROM customers", schema, db => db.Select("customers").DenyColumns("customers", "email"))
            .Reason!.Rule.Should().Be("database.policy-column");
    }

    [Fact]
    public void Denies_confined_rows_to_a_principal_without_the_value()
    {
        void Configure(DatabaseBuilder db) => db.Select("orders").RowsOfTenant("orders", "status");

        Decide("SELECT id FROM orders", SqlShop.Sqlite, Configure, new Principal("ada"))
            .Reason!.Rule.Should().Be("database.row-value");
        Decide("SELECT id FROM orders", SqlShop.Sqlite, Configure, new Principal("ada", "blue")).IsAllowed.Should().BeTrue();
    }

    [Fact]
    public void Denies_text_that_was_not_inspected() =>
        Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db.Select("orders"))))
            .Decide(
                new DatabaseOperation(new Principal("ada"), Effects.Read, "shop", "SELECT id FROM orders"),
                GuardSession.Create(
                    Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db.Select("orders")))),
                    new Principal("ada")))
            .IsAllowed.Should().BeFalse();

    [Fact]
    public void Refuses_a_policy_with_an_unknown_row_value()
    {
        var build = () => Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db => db
            .Select("orders").RowsOfTenant("orders", "status").DenyColumns("orders", "status"))));

        build.Should().Throw<PolicyValidationException>();
    }

    [Fact]
    public void Confines_reads_and_changes_to_the_session_tenant()
    {
        using var shop = new ShopFixture();
        shop.Run("CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT, body TEXT);"
            + "INSERT INTO notes VALUES (1, 'alice', 'mine'), (2, 'bob', 'theirs')");
        using var session = shop.Session(db => db
            .Select("notes").Insert("notes").Update("notes").Delete("notes").RowsOfUser("notes", "owner")
            .MaskColumns("notes", "body").Trusted());
        var owner = session.Principal.Id;
        shop.Run($"UPDATE notes SET owner = '{owner}' WHERE id = 1");
        using var connection = session.Database("shop").OpenConnection();

        object? Scalar(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }

        int Change(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteNonQuery();
        }

        Scalar("SELECT group_concat(id) FROM notes").Should().Be("1");
        Scalar("SELECT count(body) FROM notes").Should().Be(0L);
        Change("UPDATE notes SET body = 'x' WHERE id IN (1, 2)").Should().Be(1);
        Change("DELETE FROM notes WHERE id = 2").Should().Be(0);
        Change($"INSERT INTO notes (id, owner) VALUES (3, '{owner}')").Should().Be(1);
        var foreign = () => Change("INSERT INTO notes (id, owner) VALUES (4, 'bob')");
        foreign.Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("database.row-scope");
        var moved = () => Change("UPDATE notes SET owner = 'bob' WHERE id = 1");
        moved.Should().Throw<DbAccessDeniedException>();
        shop.Ask("SELECT group_concat(id || body) FROM notes WHERE owner = 'bob'").Should().Be("2theirs");
        shop.Ask("SELECT count(*) FROM notes").Should().Be(3L);
    }

    private static Decision Decide(string sql, SqlDialect dialect, Action<DatabaseBuilder> configure) =>
        Decide(sql, SqlShop.For(dialect), configure);

    private static Decision Decide(
        string sql, SqlSchema schema, Action<DatabaseBuilder> configure, Principal? principal = null)
    {
        principal ??= new Principal("ada", "blue");
        var policy = Policy.Create(builder => builder.LimitPermissions(allow => allow.Database("shop", configure)));
        using var session = GuardSession.Create(policy, principal);
        var facts = SqlInspector.Inspect(sql.AsSpan(), schema.Dialect, schema).Facts;
        facts.Should().NotBeNull(sql);
        return policy.Decide(
            new DatabaseOperation(principal, "shop", sql, facts!, schema.DefaultSchema, string.Empty), session);
    }
}
