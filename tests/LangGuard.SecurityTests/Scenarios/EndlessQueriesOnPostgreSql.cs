namespace LangGuard.SecurityTests.Scenarios;

/// <summary>On PostgreSQL.</summary>
internal sealed class EndlessQueriesOnPostgreSql : EndlessQueries
{
    internal override string Engine => "postgres";

    protected override IReadOnlyList<string> Endless =>
    [
        "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e",
        "SELECT a.id FROM orders a, orders b, orders c, orders d, orders e WHERE a.id + b.id + c.id + d.id + e.id = 0",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT i FROM n WHERE i = 2",
        "SELECT pg_sleep(600)",
        "SELECT count(*) FROM generate_series(1, 1000000000000)",
        "SELECT count(*) FROM orders a, orders b, orders c, orders d WHERE repeat(a.total::text, 500) LIKE '%1%2%3%4%5%6%7%8%9%x'",
        "SELECT string_agg(repeat(a.total::text, 1000), '') FROM orders a, orders b, orders c, orders d",
    ];
}
