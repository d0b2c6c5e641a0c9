using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Sqlite;
using Microsoft.Data.Sqlite;

namespace LangGuard.Tests.Data;

/// <summary>Joins by <c>USING</c> and <c>NATURAL</c>, of which the engine tells its authorizer nothing. Nobody looks at the text
/// before: the engine's own program is what is judged.</summary>
public sealed class SqliteHiddenReadTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public SqliteHiddenReadTests() => _shop.Run("""
        CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, ssn TEXT, salary INTEGER, doubled INTEGER AS (salary * 2) VIRTUAL, tripled INTEGER AS (salary * 3) STORED);
        CREATE INDEX people_salary ON people(salary);
        CREATE TABLE badges (code TEXT, holder INTEGER, name TEXT, PRIMARY KEY (holder, code)) WITHOUT ROWID;
        CREATE TABLE notes (id INTEGER PRIMARY KEY, name TEXT, note TEXT);
        CREATE INDEX notes_name ON notes(name);
        CREATE INDEX notes_note ON notes(note);
        CREATE VIEW badge_names AS SELECT people.name, badges.holder FROM people JOIN badges USING (name);
        INSERT INTO people(id, name, ssn, salary) VALUES (1, 'Ada', '111-22-3333', 100), (2, 'Linus', '444-55-6666', 200);
        INSERT INTO badges VALUES ('gold', 1, 'Ada'), ('tin', 2, 'Linus');
        INSERT INTO notes VALUES (1, 'Ada', 'x'), (2, 'Grace', 'y');
        """);

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("SELECT name FROM people JOIN (SELECT '111-22-3333' AS ssn) USING (ssn)")]
    [InlineData("SELECT name FROM people NATURAL JOIN (SELECT '111-22-3333' AS ssn)")]
    [InlineData("SELECT name FROM (SELECT '111-22-3333' AS ssn) LEFT JOIN people USING (ssn)")]
    [InlineData("SELECT name FROM people JOIN (SELECT 100 AS salary) USING (salary)")]
    [InlineData("SELECT count(*) FROM people JOIN (SELECT 200 AS doubled) USING (doubled)")]
    [InlineData("SELECT count(*) FROM people JOIN (SELECT 300 AS tripled) USING (tripled)")]
    [InlineData("SELECT count(*) FROM (SELECT 'CANARY' AS v) q JOIN secrets USING (v)")]
    [InlineData("SELECT count(*) FROM (SELECT 1 AS id) q NATURAL JOIN secrets")]
    [InlineData("SELECT count(*) FROM badges JOIN (SELECT 'gold' AS code) USING (code)")]
    [InlineData("SELECT count(*) FROM badges JOIN (SELECT 'gold' AS code, 1 AS holder) USING (code, holder)")]
    [InlineData("SELECT note FROM notes JOIN (SELECT 1 AS id) USING (id)")]
    public void Refuses_a_join_that_probes_what_is_denied(string sql)
    {
        using var session = Open();
        var act = () => Count(session, sql);

        act.Should().Throw<SqliteException>();

        // Without any guard each of them tells something.
        _shop.Ask(sql).Should().NotBeNull();
    }

    [Theory]
    [InlineData("SELECT people.name FROM people JOIN notes USING (name)", 1)]
    [InlineData("SELECT * FROM (SELECT id, name FROM people) NATURAL JOIN (SELECT name, note FROM notes)", 1)]
    [InlineData("SELECT people.name, holder FROM people LEFT JOIN badges USING (name) ORDER BY people.name", 2)]
    [InlineData("SELECT name, holder FROM badge_names JOIN notes USING (name)", 1)]
    [InlineData("WITH n AS (SELECT id, name FROM people) SELECT count(*) FROM n JOIN notes USING (name)", 1)]
    [InlineData("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n JOIN (SELECT 2 AS x) USING (x)", 1)]
    [InlineData("SELECT name FROM people WHERE name = 'Ada' OR id = 2 -- using nothing", 2)]
    [InlineData("SELECT 'using' AS word, count(*) FROM people", 1)]
    [InlineData("SELECT o.id FROM orders o JOIN (SELECT 1 AS id) USING (id)", 1)]
    [InlineData("SELECT count(*) FROM orders JOIN customers USING (id)", 1)]
    [InlineData("SELECT note FROM notes JOIN people USING (name) WHERE notes.name = 'Ada' OR note = 'y'", 1)]
    [InlineData("SELECT DISTINCT name FROM notes NATURAL JOIN (SELECT 'Ada' AS name UNION SELECT 'Grace') ORDER BY name", 2)]
    [InlineData("SELECT name FROM people WHERE EXISTS (SELECT 1 FROM notes JOIN (SELECT 'Ada' AS name) USING (name))", 2)]
    public void Runs_a_join_by_what_is_granted(string sql, int rows)
    {
        using var session = Open();

        Count(session, sql).Should().Be(rows);
    }

    private static int Count(SqliteEngineSession session, string sql)
    {
        using var reader = session.Query(new EngineStatement(sql, [], TimeSpan.FromSeconds(30)), CancellationToken.None);
        var count = 0;
        while (reader.Read())
        {
            count++;
        }

        return count;
    }

    private SqliteEngineSession Open()
    {
        var options = new DatabaseOptions();
        new DatabaseBuilder(new PolicyBuilder(), "shop", options)
            .Select("orders", "customers", "people", "badges", "notes", "badge_names")
            .DenyColumns("people", "ssn", "salary", "doubled", "tripled")
            .DenyColumns("badges", "code")
            .DenyColumns("notes", "id");
        return (SqliteEngineSession)new SqliteEngine(_shop.Path).Open(new DatabaseScope(options));
    }
}
