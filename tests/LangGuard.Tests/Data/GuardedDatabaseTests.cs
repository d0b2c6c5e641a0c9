using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>The ADO.NET decorator over a real SQLite file.</summary>
public sealed class GuardedDatabaseTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Reads_what_is_granted()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        Query(session, "SELECT id, status FROM orders WHERE total > 15 ORDER BY id").Should().Equal("2|shipped", "3|open");
    }

    [Theory]
    [InlineData("SELECT v FROM secrets", "database.table")]
    [InlineData("SELECT * FROM sqlite_master", "database.table")]
    [InlineData("DROP TABLE orders", "database.statement")]
    [InlineData("SELECT 1; DROP TABLE orders", "database.statement")]
    [InlineData("DELETE FROM orders WHERE id = 1", "database.table")]
    [InlineData("SELECT load_extension('x') FROM orders", "database.function")]
    [InlineData("UPDATE orders SET total = 0 WHERE id = 1", "database.table")]
    public void Denies_what_is_not(string sql, string rule)
    {
        using var session = _shop.Session(db => db.Select("orders"));
        var act = () => Query(session, sql);
        act.Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be(rule);
        _shop.Ask("SELECT count(*) FROM orders").Should().Be(3L);
    }

    [Fact]
    public void A_refusal_says_where_and_what_was_expected()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        var act = () => Query(session, "SELECT FROM");
        act.Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Message.Should().Contain("At character");
    }

    [Fact]
    public void Parameters_are_values_and_never_text()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM orders WHERE status = @status";
        Add(command, "@status", "open' OR 1=1 --");
        command.ExecuteScalar().Should().Be(0L);
        command.Parameters[0].Value = "open";
        command.ExecuteScalar().Should().Be(2L);
    }

    [Theory]
    [InlineData("SELECT name FROM order_names WHERE id = 1", "Ada")]
    [InlineData("SELECT count(*) FROM order_names", "3")]
    [InlineData("SELECT count(*) FROM order_names a CROSS JOIN order_names b", "9")]
    public void A_granted_view_is_read_without_its_tables(string sql, string expected)
    {
        using var session = _shop.Session(db => db.Select("order_names"));
        Query(session, sql).Should().Equal(expected);
        foreach (var denied in (string[])[
            "SELECT count(*) FROM orders", "SELECT count(*) FROM order_names, secrets", "SELECT 1 FROM order_names WHERE EXISTS (SELECT 1 FROM secrets)",
            "WITH order_names AS (SELECT v AS name FROM secrets) SELECT name FROM order_names"])
        {
            FluentActions.Invoking(() => Query(session, denied)).Should().Throw<DbAccessDeniedException>(denied);
        }
    }

    [Fact]
    public void A_reader_throws_at_the_row_limit()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.MaxRows = 2));
        Query(session, "SELECT id FROM orders LIMIT 2").Should().HaveCount(2);
        var act = () => Query(session, "SELECT id FROM orders");
        act.Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("database.row-limit");
    }

    [Fact]
    public void A_denied_column_is_denied_in_every_position()
    {
        using var session = _shop.Session(db => db.Select("customers").DenyColumns("customers", "email"));
        Query(session, "SELECT id, name FROM customers ORDER BY id").Should().HaveCount(2);
        foreach (var sql in (string[])[
            "SELECT email FROM customers", "SELECT * FROM customers", "SELECT id FROM customers WHERE email LIKE 'a%'",
            "SELECT id FROM customers ORDER BY email", "SELECT max(email) FROM customers"])
        {
            FluentActions.Invoking(() => Query(session, sql)).Should().Throw<DbAccessDeniedException>(sql);
        }
    }

    [Fact]
    public void Changes_what_is_granted_within_the_row_cap()
    {
        using var session = _shop.Session(db => db
            .Select("orders").Update("orders").Limit(limits => limits.MaxAffectedRows = 1));
        Execute(session, "UPDATE orders SET status = 'closed' WHERE id = 1").Should().Be(1);
        _shop.Ask("SELECT status FROM orders WHERE id = 1").Should().Be("closed");

        FluentActions.Invoking(() => Execute(session, "UPDATE orders SET status = 'x' WHERE total > 0"))
            .Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("database.affected-rows");
        FluentActions.Invoking(() => Execute(session, "UPDATE orders SET status = 'x'"))
            .Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("database.no-where");
        _shop.Ask("SELECT count(*) FROM orders WHERE status = 'x'").Should().Be(0L);
    }

    [Fact]
    public void A_constraint_error_names_the_constraint_and_no_value()
    {
        using var session = _shop.Session(db => db.Select("customers").Insert("customers"));
        FluentActions.Invoking(() => Execute(session, "INSERT INTO customers (id, name, email) VALUES (9, 'Eve', 'ada@example.org')"))
            .Should().Throw<GuardedDatabaseException>().WithMessage("*UNIQUE on*customers.email*")
            .Which.Message.Should().NotContain("example.org");
    }

    [Fact]
    public void A_transaction_is_taken_back_or_made_to_last()
    {
        using var session = _shop.Session(db => db.Select("orders").Delete("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using (var transaction = connection.BeginTransaction())
        {
            Execute(connection, "DELETE FROM orders WHERE id = 1", transaction).Should().Be(1);
        }

        _shop.Ask("SELECT count(*) FROM orders").Should().Be(3L);
        using (var transaction = connection.BeginTransaction())
        {
            Execute(connection, "DELETE FROM orders WHERE id = 1", transaction);
            transaction.Commit();
        }

        _shop.Ask("SELECT count(*) FROM orders").Should().Be(2L);
    }

    [Fact]
    public void A_star_after_a_migration_does_not_return_the_new_column()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        Query(session, "SELECT * FROM orders WHERE id = 1").Should().Equal("1|1|open|10.5");
        _shop.Run("ALTER TABLE orders ADD COLUMN card TEXT DEFAULT 'CANARY'");
        FluentActions.Invoking(() => Query(session, "SELECT * FROM orders WHERE id = 1"))
            .Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("database.metadata");
    }

    [Fact]
    public void An_endless_query_ends_at_the_time_limit()
    {
        using var session = _shop.Session(db => db
            .Select("orders").Limit(limits => limits.Timeout = TimeSpan.FromMilliseconds(100)));
        FluentActions.Invoking(() => Query(
                session, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"))
            .Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("database.time-limit");
    }

    [Fact]
    public void The_database_file_is_untouchable_for_the_file_guard()
    {
        var folder = Path.GetDirectoryName(_shop.Path)!;
        FluentActions.Invoking(() => _shop.Session(
                db => db.Select("orders"),
                policy => policy.LimitPermissions(allow => allow.Files("all", folder, files => files.Write("**")))))
            .Should().Throw<PolicyValidationException>();
    }

    [Fact]
    public void Members_that_lead_around_the_guard_are_refused()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        var source = session.Database("shop");
        source.ConnectionString.Should().BeEmpty();
        using var connection = source.OpenConnection();
        connection.ConnectionString.Should().BeEmpty();
        connection.Invoking(c => c.ConnectionString = "Data Source=x").Should().Throw<DbAccessDeniedException>();
        connection.Invoking(c => c.ChangeDatabase("x")).Should().Throw<DbAccessDeniedException>();
        connection.Invoking(c => c.GetSchema()).Should().Throw<DbAccessDeniedException>();
        connection.Invoking(c => c.GetSchema("Tables")).Should().Throw<DbAccessDeniedException>();
        connection.Invoking(c => c.EnlistTransaction(null)).Should().Throw<DbAccessDeniedException>();
        using var command = connection.CreateCommand();
        command.Invoking(c => c.CommandType = System.Data.CommandType.StoredProcedure).Should().Throw<NotSupportedException>();
        command.Invoking(c => c.CommandType = System.Data.CommandType.TableDirect).Should().Throw<NotSupportedException>();
        command.Invoking(c => c.Parameters.Add(new Microsoft.Data.Sqlite.SqliteParameter())).Should().Throw<InvalidCastException>();
        Add(command, "@x", new object());
        command.CommandText = "SELECT @x";
        command.Invoking(c => c.ExecuteScalar()).Should().Throw<NotSupportedException>();
    }

    [Fact]
    public void An_ended_session_reads_no_further_row()
    {
        var session = _shop.Session(db => db.Select("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders";
        using var reader = command.ExecuteReader();
        reader.Read().Should().BeTrue();
        session.Dispose();
        reader.Invoking(r => r.Read()).Should().Throw<DbAccessDeniedException>();
    }

    private static List<string> Query(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }

    private static int Execute(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        return Execute(connection, sql, null);
    }

    private static int Execute(DbConnection connection, string sql, DbTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
