using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>Attempts to see or change rows of another tenant through the guard, on both engines.</summary>
public sealed class RowFilterAttackTests(PostgreSqlShop server) : IClassFixture<PostgreSqlShop>, IDisposable
{
    private const string Setup = """
        DROP TABLE IF EXISTS notes;
        CREATE TABLE notes (id int PRIMARY KEY, tenant text NOT NULL, body text NOT NULL);
        INSERT INTO notes VALUES (1, 'blue', 'mine'), (2, 'red', 'CANARY'), (3, 'blue', 'also mine');
        """;

    private readonly ShopFixture _file = new();

    public static TheoryData<string, string> Attacks()
    {
        var attacks = new TheoryData<string, string>();
        foreach (var engine in (string[])["sqlite", "postgres"])
        {
            foreach (var sql in (string[])[
                "SELECT body FROM notes", "SELECT * FROM notes WHERE tenant = 'red'", "SELECT n.body FROM notes AS n, notes AS m",
                "WITH notes AS (SELECT * FROM notes) SELECT body FROM notes", "SELECT (SELECT max(body) FROM notes WHERE id = 2)",
                "SELECT body FROM notes UNION ALL SELECT body FROM main.notes", "SELECT body FROM notes UNION ALL SELECT body FROM public.notes",
                "SELECT max(body) OVER (ORDER BY id DESC) FROM notes", "SELECT a.body FROM notes a NATURAL JOIN notes b",
                "SELECT b.body FROM notes a LEFT JOIN notes b ON b.id = a.id + 1", "SELECT body FROM notes ORDER BY (SELECT body FROM notes WHERE id = 2)",
                "SELECT \"notes\".body FROM \"notes\"", "SELECT body FROM notes WHERE id IN (SELECT id FROM notes WHERE body LIKE 'CAN%')",
                "SELECT count(*) FROM notes WHERE body LIKE 'CAN%' HAVING count(*) > 0", "VALUES ((SELECT body FROM notes WHERE id = 2))",
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM notes WHERE id = 2) THEN 'CANARY' END",
                "WITH RECURSIVE r(id, body) AS (SELECT id, body FROM notes UNION SELECT n.id, n.body FROM notes n JOIN r ON n.id = r.id + 1) SELECT body FROM r",
                "SELECT body FROM notes AS \"x y\" WHERE \"x y\".id > 0", "SELECT group_concat(body) FROM notes", "SELECT string_agg(body, ',') FROM notes",
                "UPDATE notes SET body = 'x' WHERE id = 2 RETURNING body", "UPDATE notes SET body = (SELECT body FROM notes WHERE id = 2) WHERE id = 1 RETURNING body",
                "DELETE FROM notes WHERE tenant = 'red' RETURNING body", "UPDATE notes SET tenant = 'blue' WHERE id = 2 RETURNING body",
                "INSERT INTO notes SELECT id + 10, 'blue', body FROM notes WHERE id = 2 RETURNING body",
                "INSERT INTO notes VALUES (2, 'blue', 'x') ON CONFLICT (id) DO UPDATE SET tenant = 'blue' RETURNING body",
                "INSERT INTO notes VALUES (2, 'blue', 'x') ON CONFLICT (id) DO UPDATE SET body = notes.body RETURNING body",
                "INSERT INTO notes VALUES (9, 'red', 'CANARY') RETURNING body", "INSERT OR REPLACE INTO notes VALUES (2, 'blue', 'CANARY') RETURNING body",
                "UPDATE notes SET body = m.body FROM notes m WHERE m.id = 2 AND notes.id = 1 RETURNING m.body",
                "SELECT body FROM notes WHERE id = 2 OR 1 = 1 --", "SELECT body FROM notes WHERE 1 / (id - 2) > 0", "SELECT rowid, body FROM notes",
                "SELECT body FROM notes WHERE tenant = @lg_scope_0 OR tenant = 'red'", "TABLE notes", "SELECT notes FROM notes", "SELECT (n).body FROM notes n",
                "SELECT to_json(n) FROM notes n", "SELECT n::text FROM notes n", "SELECT body FROM ONLY notes", "SELECT x.b FROM notes AS x(a, c, b)",
                "SELECT l.body FROM notes a, LATERAL (SELECT body FROM notes b WHERE b.id = a.id + 1) AS l", "SELECT ctid, body FROM notes",
                "WITH d AS (DELETE FROM notes WHERE id > 0 RETURNING body) SELECT body FROM d", "MERGE INTO notes USING notes m ON true WHEN MATCHED THEN DELETE",
                "DELETE FROM notes USING notes m WHERE m.id = 2 RETURNING m.body", "SELECT body FROM notes TABLESAMPLE SYSTEM (100)",
                "SELECT n.body FROM notes n, (SELECT 2 AS id) x NATURAL JOIN (SELECT 'red' AS tenant) y", "SELECT m.body FROM notes n, notes m ON m.id = n.id + 1",
                "SELECT j.id, m.body FROM notes n JOIN notes m USING (id) AS j", "SELECT xmlforest(n.body) FROM notes n WHERE id = 2",
                "SELECT x.b FROM XMLTABLE('/r' PASSING (SELECT xmlelement(name r, body) FROM notes WHERE id = 2) COLUMNS b text PATH '.') x",
                "SELECT sum(CASE WHEN body LIKE 'CAN%' THEN 1 / 0 ELSE 0 END) FROM notes", "SELECT CAST(body AS int) FROM notes WHERE tenant = 'red'",
                "UPDATE notes SET body = 'x' WHERE id = 2 OR CAST(body AS int) = 1", "UPDATE notes SET id = 2 WHERE id = 1",
                "UPDATE notes SET (tenant, body) = ('blue', 'CANARY') WHERE id = 2", "UPDATE notes SET body = excluded.body FROM (SELECT body FROM notes WHERE id = 2) AS excluded WHERE notes.id = 1 RETURNING body",
                "INSERT INTO notes VALUES (2, 'blue', 'x') ON CONFLICT (id) DO UPDATE SET body = 'x' WHERE notes.tenant = 'red' RETURNING body",
                "INSERT INTO notes VALUES (7, 'blue', 'x'), (8, 'red', 'CANARY') RETURNING id", "INSERT INTO notes VALUES (2, 'blue', 'x') ON CONFLICT DO NOTHING RETURNING *",
                "DELETE FROM notes WHERE (SELECT count(*) FROM notes AS n WHERE n.tenant = 'red') = 0 AND id = 2", "UPDATE OR REPLACE notes SET id = 2 WHERE id = 1",
                "SELECT body FROM notes NOT INDEXED", "EXPLAIN SELECT body FROM notes WHERE id = 2", "SELECT query_to_xml('SELECT body FROM notes', true, false, '')"])
            {
                attacks.Add(engine, sql);
            }
        }

        return attacks;
    }

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Shows_and_changes_no_row_of_another_tenant(string engine, string sql)
    {
        using var session = Open(engine);
        var seen = Try(session, sql);
        seen.Should().NotContain("CANARY");
        Ask(engine, "SELECT count(*) FROM notes WHERE id = 2 AND tenant = 'red' AND body = 'CANARY'").Should().Be(1L);
        Ask(engine, "SELECT count(*) FROM notes WHERE tenant = 'red'").Should().Be(1L);
        Ask(engine, "SELECT count(*) FROM notes WHERE tenant = 'blue' AND body = 'CANARY'").Should().Be(0L);
    }

    [Theory]
    [InlineData("sqlite", "@lg_scope_0")]
    [InlineData("sqlite", "lg_scope_0")]
    [InlineData("sqlite", "$LG_SCOPE_0")]
    [InlineData("postgres", "@lg_scope_0")]
    [InlineData("postgres", ":lg_scope_0")]
    [InlineData("postgres", "lg_scope_0")]
    public void A_parameter_can_not_take_the_place_of_the_tenant(string engine, string name)
    {
        using var session = Open(engine);
        Try(session, "SELECT body FROM notes", (name, "red")).Should().NotContain("CANARY").And.Contain("database.statement");
    }

    [Theory]
    [InlineData("sqlite", "SELECT body FROM notes WHERE id = ?", "")]
    [InlineData("sqlite", "SELECT body FROM notes WHERE id = ?1", "?1")]
    [InlineData("sqlite", "SELECT body FROM notes WHERE id = ?1", "")]
    [InlineData("sqlite", "SELECT body FROM notes WHERE ?1 = id AND ?1 IS NOT NULL", "1")]
    [InlineData("sqlite", "SELECT body FROM notes WHERE id = $id", "$id")]
    [InlineData("postgres", "SELECT body FROM notes WHERE id = $1", "")]
    [InlineData("postgres", "SELECT body FROM notes WHERE id = @id", "id")]
    public void Parameters_of_every_kind_keep_their_values_beside_the_tenant(string engine, string sql, string name)
    {
        using var session = Open(engine);
        Try(session, sql, (name, 3)).Should().Be("also mine;");
        Try(session, sql, (name, 2)).Should().BeEmpty();
    }

    private GuardSession Open(string engine)
    {
        if (engine == "sqlite")
        {
            _file.Run(Setup);
        }
        else
        {
            server.Run(Setup);
        }

        return GuardSession.Create(
            Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", db =>
                (engine == "sqlite" ? db.UseSqlite(_file.Path) : db.UsePostgreSql(server.Owner)).Trusted()
                    .Select("notes").Insert("notes").Update("notes").Delete("notes").RowsOfTenant("notes", "tenant")))),
            new Principal("u", "blue"));
    }

    private object? Ask(string engine, string sql) => engine == "sqlite" ? _file.Ask(sql) : server.Ask(sql);

    private static string Try(GuardSession session, string sql, params (string Name, object Value)[] parameters)
    {
        var seen = string.Empty;
        try
        {
            using var connection = session.Database("shop").OpenConnection();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }

            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                seen += string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)) + ";";
            }
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or NotSupportedException)
        {
            // What the text itself says is no news.
            seen += error.Message.Replace(sql, string.Empty, StringComparison.Ordinal);
        }

        return seen;
    }
}
