namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Asks the questions of an analyst; every answer has to be the one that the engine gives without a guard.</summary>
internal sealed class SqlAnalyst : Scenario
{
    internal static readonly string[] Queries =
    [
        "SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id",
        "WITH big AS (SELECT * FROM orders WHERE total > 10) SELECT count(*) FROM big",
        "SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY id) FROM orders",
        "SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE total > 50)",
        "SELECT id FROM orders WHERE note = 'please drop table orders; -- not'",
        "SELECT count(*) AS \"select\", max(total) AS \"drop\" FROM orders",
        "SELECT id /* delete me */ FROM orders -- ; DROP TABLE orders",
        "SELECT count(*) FILTER (WHERE total > 10), avg(total) FROM orders",
        "EXPLAIN QUERY PLAN SELECT * FROM orders WHERE id = 1",
        "SELECT strftime('%Y', CURRENT_TIMESTAMP) >= '2024', coalesce(note, '') FROM orders ORDER BY 2",
    ];

    internal override string User => "Answer the questions about orders.";

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world) => world.Sql("""
        CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customers VALUES (1, 'Ada'), (2, 'Linus');
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total REAL, note TEXT);
        INSERT INTO orders VALUES (1, 1, 59.5, 'please drop table orders; -- not'), (2, 2, 20, NULL), (3, 1, 5, 'x');
        """);

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Database("app", db => db.UseSqlite(world.DatabaseFile).Select("orders", "customers")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) => [.. Queries.Select(sql => Do(Step.Query(sql)))];
}
