using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Queries that would never end, or return without end, and patterns that would be tried for ever.</summary>
internal sealed class CartesianJoin : Scenario
{
    internal override IReadOnlyList<string?> Rules => [];

    private static string[] Patterns
    {
        get
        {
            var text = new string('a', 50_000);
            return
            [
                $"SELECT '{text}' LIKE '{string.Concat(Enumerable.Repeat("%a", 1_000))}%b' AS found",
                $"SELECT '{text}' GLOB '{string.Concat(Enumerable.Repeat("*a", 1_000))}*b' AS found",
                $"SELECT '{text}' GLOB '{string.Concat(Enumerable.Repeat("*[a-b]?", 500))}*c' AS found",
                $"SELECT '{text}' REGEXP '^(a+)+$' AS found FROM orders",
                $"SELECT regexp('^(a|a)*$', '{text}b') AS found",
                $"SELECT count(*) FROM orders a, orders b, orders c WHERE '{text}' || a.id LIKE '{string.Concat(Enumerable.Repeat("%a_", 100))}%b'",
            ];
        }
    }

    internal int LongestAnswer { get; private set; }

    internal override void Plant(ScenarioWorld world) => world.Sql("""
        CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL);
        INSERT INTO orders WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 300) SELECT n, n FROM s;
        """);

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Database("app", db => db.UseSqlite(world.DatabaseFile).Select("orders").Limit(limits =>
        {
            limits.MaxRows = 100;
            limits.Timeout = TimeSpan.FromSeconds(1);
        })));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world)
    {
        Func<IReadOnlyList<string>, Step> Ask(string sql) => answers =>
        {
            LongestAnswer = answers.Select(answer => answer.Length).DefaultIfEmpty().Max();
            return Step.Query(sql);
        };
        return
        [
            Ask("SELECT a.id, b.id FROM orders a, orders b"),
            Ask(world.Session is null ? "SELECT 1" : "SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e"),
            Ask(world.Session is null ? "SELECT 1" : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"),
            .. Patterns.Select(pattern => Ask(world.Session is null ? "SELECT 1" : pattern)),
            Ask("SELECT hex(zeroblob(100000))"),
            Ask("SELECT 1"),
        ];
    }

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world) => LongestAnswer <= 20_000 ? [] : [$"{LongestAnswer} characters came back"];
}
