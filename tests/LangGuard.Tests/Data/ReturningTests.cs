using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>Changes that return rows, on both engines.</summary>
public sealed class ReturningTests(PostgreSqlShop server) : IClassFixture<PostgreSqlShop>, IDisposable
{
    private readonly ShopFixture _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_change_returns_its_rows_and_how_many_it_changed(string engine)
    {
        using var session = Open(engine, db => db.Select("orders").Insert("orders").Delete("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using var insert = Command(connection, "INSERT INTO orders VALUES (70, 1, 'new', 5), (71, 1, 'new', 6) RETURNING id, status");
        using (var reader = insert.ExecuteReader())
        {
            reader.RecordsAffected.Should().Be(2);
            reader.Read().Should().BeTrue();
            reader.GetInt32(0).Should().Be(70);
            reader.GetString(reader.GetOrdinal("status")).Should().Be("new");
            reader.GetFieldValue<long>(0).Should().Be(70);
            reader.Read().Should().BeTrue();
            reader.Read().Should().BeFalse();
        }

        using var scalar = Command(connection, "DELETE FROM orders WHERE id = 70 RETURNING id");
        Convert.ToInt32(scalar.ExecuteScalar()).Should().Be(70);
        using var plain = Command(connection, "DELETE FROM orders WHERE id = 71");
        using var none = plain.ExecuteReader();
        none.FieldCount.Should().Be(0);
        none.RecordsAffected.Should().Be(1);
        none.Read().Should().BeFalse();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void Returning_needs_the_right_to_read(string engine)
    {
        using var session = Open(engine, db => db
            .Insert("customers").Select("customers").DenyColumns("customers", "email").Insert("secrets"));
        using var connection = session.Database("shop").OpenConnection();
        foreach (var sql in (string[])[
            "INSERT INTO secrets VALUES (8, 'x') RETURNING v", "INSERT INTO secrets VALUES (8, 'x') RETURNING *",
            "INSERT INTO customers (id, name) VALUES (8, 'x') RETURNING email",
            "INSERT INTO customers (id, name) VALUES (8, 'x') RETURNING *"])
        {
            using var command = Command(connection, sql);
            command.Invoking(c => c.ExecuteReader()).Should().Throw<DbAccessDeniedException>(sql);
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_change_beyond_a_limit_returns_no_row_and_changes_nothing(string engine)
    {
        using var session = Open(engine, db => db.Select("orders").Update("orders").Limit(limits =>
        {
            limits.MaxAffectedRows = 2;
            limits.UnguardedWithoutWhere = true;
        }));
        using var connection = session.Database("shop").OpenConnection();
        using var command = Command(connection, "UPDATE orders SET status = 'gone' RETURNING id");
        command.Invoking(c => c.ExecuteReader()).Should().Throw<DbAccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("database.affected-rows");
        using var left = Command(connection, "SELECT count(*) FROM orders WHERE status = 'gone'");
        Convert.ToInt32(left.ExecuteScalar()).Should().Be(0);
    }

    [Fact]
    public void Rows_that_WITH_changes_count_although_the_query_returns_one()
    {
        using var session = Open("postgres", db => db.Select("orders").Update("orders").Limit(limits => limits.MaxAffectedRows = 2));
        using var connection = session.Database("shop").OpenConnection();
        using var command = Command(
            connection, "WITH u AS (UPDATE orders SET status = 'gone' WHERE id > 0 RETURNING id) SELECT count(*) FROM u");
        command.Invoking(c => c.ExecuteScalar()).Should().Throw<DbAccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("database.affected-rows");
        server.Ask("SELECT count(*) FROM orders WHERE status = 'gone'").Should().Be(0L);

        using var fewer = Command(
            connection,
            "WITH u AS (UPDATE orders SET total = total WHERE id < 3 RETURNING id) SELECT count(*) AS langguard_changed_rows FROM u");
        fewer.ExecuteScalar().Should().Be(2L);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_new_row_of_another_tenant_is_taken_back(string engine)
    {
        using var session = Open(
            engine, db => db.Select("notes").Insert("notes").Update("notes").Delete("notes").RowsOfTenant("notes", "tenant"), "1");
        using var connection = session.Database("shop").OpenConnection();
        using var foreign = Command(connection, "INSERT INTO notes VALUES (90, 2, 'mine'), (91, 1, 'x') RETURNING id");
        foreign.Invoking(c => c.ExecuteReader()).Should().Throw<DbAccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("database.row-scope");
        using var own = Command(connection, "INSERT INTO notes VALUES (92, 1, 'own') RETURNING text");
        own.ExecuteScalar().Should().Be("own");
        using var moved = Command(connection, "UPDATE notes SET tenant = 2 WHERE id = 92");
        moved.Invoking(c => c.ExecuteNonQuery()).Should().Throw<DbAccessDeniedException>();
        using var others = Command(connection, "UPDATE notes SET text = 'x' WHERE id = 2");
        others.ExecuteNonQuery().Should().Be(0, "it is another tenant's");
        using var taken = Command(connection, "INSERT INTO notes VALUES (2, 1, 'x') ON CONFLICT (id) DO UPDATE SET text = 'x'");
        taken.ExecuteNonQuery().Should().Be(0, "the row in the way is another tenant's");
        using var seen = Command(connection, "SELECT text FROM notes WHERE id < @most ORDER BY id");
        var most = seen.CreateParameter();
        most.ParameterName = "@most";
        most.Value = 3;
        seen.Parameters.Add(most);
        using var reader = seen.ExecuteReader();
        reader.Read().Should().BeTrue();
        reader.GetString(0).Should().Be("one");
        reader.Read().Should().BeFalse();
    }

    private GuardSession Open(string engine, Action<DatabaseBuilder> configure, string? tenant = null)
    {
        const string Notes = "DROP TABLE IF EXISTS notes; CREATE TABLE notes (id int PRIMARY KEY, tenant int NOT NULL, text text);"
            + "INSERT INTO notes VALUES (1, 1, 'one'), (2, 2, 'two')";
        if (engine == "sqlite")
        {
            _file.Run(Notes);
        }
        else
        {
            server.Run(Notes);
        }

        return GuardSession.Create(
            Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", db =>
            {
                _ = engine == "sqlite" ? db.UseSqlite(_file.Path) : db.UsePostgreSql(server.Owner);
                configure(db.Trusted());
            }))),
            new Principal("u", tenant));
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
