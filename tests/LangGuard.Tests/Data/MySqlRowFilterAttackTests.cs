using System.Data.Common;

namespace LangGuard.Tests.Data;

/// <summary>Attempts to see or change rows of another tenant by what only MySQL and MariaDB have in statements.</summary>
public sealed class MySqlRowFilterAttackTests(MySqlShop shop) : IClassFixture<MySqlShop>
{
    public static TheoryData<string> Attacks =>
    [
        "SELECT status FROM orders WHERE id = 3",
        "SELECT j.s FROM JSON_TABLE((SELECT JSON_ARRAYAGG(tenant) FROM orders), '$[*]' COLUMNS (s TEXT PATH '$')) j WHERE j.s = 'red'",
        "SELECT j.s FROM orders o, JSON_TABLE(JSON_ARRAY(o.tenant), '$[*]' COLUMNS (s TEXT PATH '$')) j WHERE j.s <> 'blue'",
        "SELECT id FROM orders FORCE INDEX (PRIMARY) WHERE id = 3",
        "SELECT STRAIGHT_JOIN b.id FROM orders a JOIN orders b ON b.id = a.id + 2",
        "SELECT PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY id) OVER () FROM orders WHERE id > 1",
        "SELECT tenant FROM orders ORDER BY id DESC OFFSET 1 ROW FETCH NEXT 5 ROWS ONLY",
        "UPDATE orders SET status = 'taken' WHERE id = 3 ORDER BY id LIMIT 1",
        "UPDATE orders SET status = 'taken' WHERE id > 1 ORDER BY id DESC LIMIT 1",
        "UPDATE orders SET tenant = 'blue' WHERE id = 3 LIMIT 1",
        "UPDATE orders o JOIN (SELECT 3 AS id) x ON x.id = o.id SET o.status = 'taken' WHERE o.id = 3",
        "DELETE FROM orders WHERE id > 1 ORDER BY id DESC LIMIT 1",
        "DELETE o FROM orders o JOIN (SELECT 3 AS id) x ON x.id = o.id WHERE o.id = 3",
        "DELETE FROM o USING orders AS o JOIN orders AS p ON p.id = 1 WHERE o.id = 3",
        "DELETE o FROM orders o JOIN orders p ON p.id = o.id WHERE o.id = 3 OR CAST(p.tenant AS int) = 1",
        "INSERT INTO orders SET id = 9, tenant = 'red', status = 'taken', total = 1",
        "INSERT IGNORE INTO orders VALUES (9, 'red', 'taken', 1)",
        "INSERT IGNORE INTO orders VALUES (3, 'blue', 'taken', 1) RETURNING status",
        "INSERT INTO orders SET id = 3, tenant = 'blue', status = 'x', total = 1 ON DUPLICATE KEY UPDATE status = 'taken'",
        "INSERT INTO orders SET id = 9, tenant = 'blue', total = 1, status = (SELECT status FROM orders WHERE id = 3)",
        "REPLACE INTO orders SET id = 3, tenant = 'blue', status = 'taken', total = 1",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Shows_and_changes_no_row_of_another_tenant(string sql)
    {
        using var session = shop.Session(
            db => db.Select("orders").Insert("orders").Update("orders").Delete("orders").RowsOfTenant("orders", "tenant"), tenant: "blue");
        var before = shop.Ask(Others);
        var seen = string.Empty;
        try
        {
            using var connection = session.Database("shop").OpenConnection();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                seen += string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)) + ";";
            }
        }
        catch (Exception error) when (error is DbException or InvalidOperationException)
        {
            seen += error.Message.Replace(sql, string.Empty, StringComparison.Ordinal);
        }

        seen.Should().NotContainAny("red", "BLUE", "shipped");
        shop.Ask(Others).Should().Be(before);
        shop.Ask("SELECT count(*) FROM orders WHERE id = 9 AND status = 'open'").Should().Be("0");
    }

    [Fact]
    public void The_same_statements_reach_the_rows_of_the_own_tenant()
    {
        using var session = shop.Session(
            db => db.Select("orders").Insert("orders").Update("orders").Delete("orders").RowsOfTenant("orders", "tenant"), tenant: "blue");

        Run(session, "INSERT INTO orders SET id = 20, tenant = 'blue', status = 'new', total = 1").Should().Be(1);
        Run(session, "INSERT IGNORE orders (id, tenant, status, total) VALUE (21, 'blue', 'new', 2)").Should().Be(1);
        Run(session, "UPDATE orders SET status = 'old' WHERE id > 10 ORDER BY id LIMIT 1").Should().Be(1);
        shop.Ask("SELECT group_concat(status ORDER BY id) FROM orders WHERE id > 10").Should().Be("old,new");
        Run(session, "DELETE FROM orders WHERE id > 10 ORDER BY id DESC LIMIT 1").Should().Be(1);
        Run(session, "DELETE o FROM orders o JOIN orders p ON p.id = o.id WHERE o.id = 20").Should().Be(1);
        shop.Ask("SELECT count(*) FROM orders WHERE id > 10").Should().Be("0");
    }

    private const string Others = "SELECT group_concat(concat_ws('|', id, tenant, status, total) ORDER BY id) FROM orders WHERE BINARY tenant <> 'blue'";

    private static int Run(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
