using System.Data.Common;
using LangGuard.Permissions;
using LangGuard.Tests.Data.Writes;

namespace LangGuard.Tests.Data.Limits;

/// <summary>Statements that the engine itself expects to be too much do not start.</summary>
public sealed class CostGateTests
{
    public static TheoryData<string> Engines { get; } = [WriteShop.Sqlite, WriteShop.PostgreSql];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_cartesian_join_does_not_start(string engine)
    {
        using var shop = Filled(engine);
        using var session = shop.Session(db => db.Select("big", "projects"));
        foreach (var sql in (string[])[
            "SELECT count(*) FROM big a, big b", "SELECT count(*) FROM big a CROSS JOIN big b CROSS JOIN projects",
            "SELECT count(*) FROM projects p WHERE p.budget < (SELECT count(*) FROM big a JOIN big b ON a.n < b.n)"])
        {
            WriteShop.Rule(() => Ask(session, sql)).Should().Be("database.cost", sql);
        }

        // A second time the answer is remembered.
        WriteShop.Rule(() => Ask(session, "SELECT count(*) FROM big a, big b")).Should().Be("database.cost");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Honest_questions_start(string engine)
    {
        using var shop = Filled(engine);
        using var session = shop.Session(db => db.Select("big", "projects", "tasks"));
        Convert.ToInt64(Ask(session, "SELECT count(*) FROM big")).Should().Be(60_000);
        Convert.ToInt64(Ask(session, "SELECT count(*) FROM big a JOIN big b ON a.id = b.id WHERE a.n > 3")).Should().BePositive();
        Convert.ToInt64(Ask(session, "SELECT a.id FROM big a, projects p ORDER BY a.id, p.id LIMIT 1")).Should().Be(1);
        Convert.ToInt64(Ask(session, "SELECT count(*) FROM projects p, tasks t, projects q")).Should().Be(36);

        // More rows than are fetched cost nothing when nobody fetches them.
        Convert.ToInt64(Ask(session, "SELECT id FROM big WHERE id = 1")).Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_change_is_looked_at_too(string engine)
    {
        using var shop = Filled(engine);
        using var session = shop.Session(db => db.Select("big", "projects").Update("projects"));
        WriteShop.Rule(() => WriteShop.Execute(
                session, "UPDATE projects SET budget = (SELECT count(*) FROM big a, big b) WHERE id = @id", ("@id", 1)))
            .Should().Be("database.cost");
        WriteShop.Execute(session, "UPDATE projects SET budget = (SELECT count(*) FROM big a) WHERE id = @id", ("@id", 1))
            .Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Without_a_gate_the_deadline_stops_it_on_the_server(string engine)
    {
        using var shop = Filled(engine);
        using var session = shop.Session(db => db.Select("big").Limit(limits =>
            (limits.MaxCost, limits.Timeout) = (null, TimeSpan.FromMilliseconds(200))));
        WriteShop.Rule(() => Ask(session, "SELECT count(*) FROM big a, big b, big c WHERE a.n + b.n + c.n = -1"))
            .Should().Be("database.time-limit");
        SpinWait.SpinUntil(() => shop.Leftovers() == 0, TimeSpan.FromSeconds(30)).Should().BeTrue("nothing runs on the server");

        // A recursive query is cheap by estimate, and has no end.
        WriteShop.Rule(() => Ask(
                session, "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r"))
            .Should().Be("database.time-limit");
        SpinWait.SpinUntil(() => shop.Leftovers() == 0, TimeSpan.FromSeconds(30)).Should().BeTrue("nothing runs on the server");
        Convert.ToInt64(Ask(session, "SELECT count(*) FROM big WHERE id = 1")).Should().Be(1);
    }

    [Fact]
    public void Estimated_rows_are_a_limit_where_the_engine_tells_them()
    {
        using var shop = Filled(WriteShop.PostgreSql);
        using var session = shop.Session(db => db.Select("big").Limit(limits => limits.MaxEstimatedRows = 1_000));
        WriteShop.Rule(() => Ask(session, "SELECT id FROM big")).Should().Be("database.cost");
        Convert.ToInt64(Ask(session, "SELECT id FROM big WHERE id = 7")).Should().Be(7);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Statements_of_a_session_and_its_children_are_counted(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => db.Select("projects").Limit(limits => limits.SessionStatements = 3));
        using var child = session.CreateChild(session.Policy);
        Ask(session, "SELECT id FROM projects");
        Ask(child, "SELECT id FROM projects");
        Ask(session, "SELECT id FROM projects");
        WriteShop.Rule(() => Ask(child, "SELECT id FROM projects")).Should().Be("database.session-statements");
        WriteShop.Rule(() => Ask(session, "SELECT id FROM projects")).Should().Be("database.session-statements");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Changed_rows_count_toward_the_rows_of_a_session(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db).Limit(limits => limits.SessionRows = 2));
        WriteShop.Execute(session, "UPDATE projects SET budget = 1 WHERE id = 1").Should().Be(1);
        WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE projects SET budget = 1 WHERE id > 0")).Should().Be("database.session-rows");
        WriteShop.Execute(session, "UPDATE projects SET budget = 2 WHERE id = 1").Should().Be(1);
        WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE projects SET budget = 3 WHERE id = 1")).Should().Be("database.session-rows");
        shop.Count("projects WHERE budget = 3").Should().Be(0);
    }

    private static WriteShop Filled(string engine)
    {
        var shop = new WriteShop(engine);
        shop.Run(shop.IsSqlite
            ? """
              CREATE TABLE big (id INTEGER PRIMARY KEY, n INTEGER);
              WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 60000) INSERT INTO big SELECT i, i % 100 FROM s
              """
            : "CREATE TABLE big (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO big SELECT i, i % 100 FROM generate_series(1, 60000) i; ANALYZE big");
        return shop;
    }

    private static object? Ask(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
