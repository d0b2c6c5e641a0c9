using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Tests.Data.Sql;
using Microsoft.Data.Sqlite;

namespace LangGuard.Tests.Data;

/// <summary>The wall inside the engine and the inspector are of one mind on honest work: what the one understands and nobody
/// forbids, the other runs.</summary>
public sealed class SqliteBuiltInTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public SqliteBuiltInTests() => _shop.Run("""
        DROP VIEW order_names; DROP TABLE orders; DROP TABLE customers;
        CREATE TABLE categories (id INTEGER PRIMARY KEY, name, parent_id);
        CREATE TABLE products (id INTEGER PRIMARY KEY, name, category_id, price, stock, active, created_at);
        CREATE TABLE customers (id INTEGER PRIMARY KEY, name, email, country, city, signup_date, referrer_id);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id, status, total, created_at, note);
        CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id, product_id, qty, unit_price);
        CREATE TABLE reviews (id INTEGER PRIMARY KEY, product_id, customer_id, rating, body, created_at);
        CREATE TABLE events (id INTEGER PRIMARY KEY, name, props);
        CREATE INDEX ix ON orders (status);
        """);

    public void Dispose() => _shop.Dispose();

    [Theory]
    [MemberData(nameof(SqlAnalyticsTests.OnSqlite), MemberType = typeof(SqlAnalyticsTests))]
    [InlineData("SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP")]
    [InlineData("SELECT id FROM orders WHERE created_at < CURRENT_TIMESTAMP ORDER BY random() LIMIT 3")]
    [InlineData("SELECT count(*) FROM orders WHERE date(created_at) = current_date")]
    public void Runs_what_the_inspector_understands(string sql)
    {
        using var session = Open();
        var unguarded = Run(() => _shop.Ask(sql));
        Run(() => Guarded(session, sql)).Should().Be(unguarded, sql);
    }

    [Fact]
    public void Runs_every_function_of_the_list()
    {
        using var session = Open();
        var run = 0;
        foreach (var name in Names())
        {
            for (var count = 0; count <= 4; count++)
            {
                var sql = $"SELECT {name}({string.Join(", ", Enumerable.Repeat("1", count))}) FROM orders";
                if (Run(() => _shop.Ask(sql)))
                {
                    Run(() => Guarded(session, sql)).Should().BeTrue(sql);
                    run++;
                }
            }
        }

        run.Should().BeGreaterThan(120, "most of the list are functions of this engine");
    }

    private static IEnumerable<string> Names()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT name FROM pragma_function_list ORDER BY name";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (SqlLanguage.Sqlite.IsBuiltIn(reader.GetString(0)))
            {
                yield return reader.GetString(0);
            }
        }
    }

    private static bool Run(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception failed) when (failed is SqliteException or GuardedDatabaseException or DbAccessDeniedException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Guarded(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }

    private GuardSession Open() => _shop.Session(db => db
        .Select("categories", "products", "customers", "orders", "order_items", "reviews", "events")
        .Limit(limits => limits.SessionStatements = long.MaxValue), guard => guard.AnticipateMisuse(misuse => misuse
            .LimitUsage(usage => usage.Calls(1_000_000)).DetectLoops(loops => loops.Pause(TimeSpan.FromTicks(1)))));
}
