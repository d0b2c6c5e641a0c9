namespace LangGuard.SecurityTests.Scenarios;

/// <summary>On MySQL or MariaDB.</summary>
internal sealed class EndlessQueriesOnMySql : EndlessQueries
{
    internal override string Engine => "mysql";

    protected override IReadOnlyList<string> Endless =>
    [
        "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e WHERE a.id + b.id + c.id + d.id + e.id > 0",
        "SELECT a.id FROM orders a, orders b, orders c, orders d, orders e WHERE a.id + b.id + c.id + d.id + e.id = 0",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT n.i + 1 FROM n, orders a, orders b WHERE n.i < 900) SELECT count(*) FROM n",
        "SELECT sleep(600)",
        "SELECT benchmark(1000000000000, md5('x'))",
        "SELECT count(*) FROM orders a, orders b, orders c, orders d WHERE repeat(a.total, 500) LIKE '%1%2%3%4%5%6%7%8%9%x'",
    ];
}
