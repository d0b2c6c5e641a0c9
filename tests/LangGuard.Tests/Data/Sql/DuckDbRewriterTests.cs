using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>Rows and values out of scope stay out of sight, tried on the engine.</summary>
public sealed class DuckDbRewriterTests : IDisposable
{
    private static readonly SqlTable Notes = new("main", "notes", ["id", "tenant_id", "body", "secret"]);

    private static readonly SqlSchema Schema = new(SqlDialect.DuckDb, [Notes, new SqlTable("main", "tags", ["note_id", "tag"])]);

    private static readonly SqlTableScope Blue = new(Notes, [new SqlRowFilter("tenant_id", "blue")], []);

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDbRewriterTests()
    {
        _connection.Open();
        DuckDbShop.Run(_connection, "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id VARCHAR COLLATE NOCASE, body VARCHAR, secret VARCHAR)");
        DuckDbShop.Run(_connection, "INSERT INTO notes VALUES (1, 'blue', 'sea', 's1'), (2, 'blue', 'sky', 's2'), (3, 'red', 'rose', 's3'), (4, 'BLUE', 'ink', 's4')");
        DuckDbShop.Run(_connection, "CREATE TABLE tags (note_id INTEGER, tag VARCHAR)");
        DuckDbShop.Run(_connection, "INSERT INTO tags VALUES (1, 'a'), (3, 'b')");
    }

    [Theory]
    [InlineData("FROM notes SELECT id ORDER BY id", "1|2")]
    [InlineData("SELECT count(*) FROM notes", "2")]
    [InlineData("SELECT n.body FROM notes AS n JOIN notes m ON m.id = n.id ORDER BY 1", "sea|sky")]
    [InlineData("SELECT n.id FROM n: notes ORDER BY 1", "1|2")]
    [InlineData("SELECT x.b FROM notes AS x(a, b) ORDER BY x.a", "blue|blue")]
    [InlineData("SELECT notes.id FROM main.notes ORDER BY 1", "1|2")]
    [InlineData("SELECT id FROM notes TABLESAMPLE 100% ORDER BY id", "1|2")]
    [InlineData("SELECT id FROM (FROM notes) ORDER BY id", "1|2")]
    [InlineData("SELECT tag FROM tags SEMI JOIN notes ON notes.id = tags.note_id", "a")]
    [InlineData("SELECT count(*) FROM notes POSITIONAL JOIN tags", "2")]
    [InlineData("WITH n AS (FROM notes) SELECT count(*) FROM n", "2")]
    [InlineData("SELECT sum(n) FROM (PIVOT notes ON tenant_id IN ('red' AS n) USING count(*) GROUP BY secret)", "0")]
    [InlineData("SELECT count(*) FROM (UNPIVOT notes ON body, secret)", "4")]
    [InlineData("SELECT max(notes.id) FROM notes", "2")]
    [InlineData("SELECT id FROM notes UNION BY NAME SELECT id FROM notes ORDER BY id", "1|2")]
    [InlineData("SELECT approx_unique FROM (SUMMARIZE FROM notes SELECT id)", "2")]
    [InlineData("SELECT count(*) FROM notes WHERE body = 'rose' OR CAST(CASE WHEN body = 'rose' THEN 'x' ELSE '1' END AS INTEGER) > 5", "0")]
    public void Shows_only_rows_in_scope(string sql, string expected)
    {
        Query(new SqlRewrite(sql, [], false)).Should().NotBe(expected, "the control has rows that are out of scope");

        Query(Rewrite(sql, Blue)).Should().Be(expected);
    }

    [Fact]
    public void Changes_only_rows_in_scope()
    {
        Query(Rewrite("UPDATE notes SET body = 'x' WHERE id > 0 OR 1 = 1", Blue));
        Query(Rewrite("UPDATE notes AS n SET body = n.body || 'y'", Blue));
        Query(new SqlRewrite("SELECT string_agg(body, ',' ORDER BY id) FROM notes", [], false)).Should().Be("xy,xy,rose,ink");
        Query(Rewrite("DELETE FROM notes WHERE id > 0 -- now", Blue));
        Query(new SqlRewrite("SELECT string_agg(id::VARCHAR, ',' ORDER BY id) FROM notes", [], false)).Should().Be("3,4");
    }

    [Fact]
    public void Says_of_each_new_row_whether_it_is_in_scope()
    {
        var rewrite = Rewrite("INSERT INTO notes (id, tenant_id) VALUES (10, 'blue'), (11, 'red'), (12, NULL), (13, 'Blue')", Blue);

        rewrite.HasScopeColumn.Should().BeTrue();
        Query(rewrite, "lg_in_scope").Should().Be("True|False||False");
    }

    [Fact]
    public void Does_not_change_a_row_out_of_scope_on_conflict()
    {
        Query(Rewrite("INSERT INTO notes (id, tenant_id) VALUES (3, 'blue') ON CONFLICT (id) DO UPDATE SET body = 'mine'", Blue));
        Query(Rewrite("INSERT INTO notes (id, tenant_id) VALUES (4, 'blue') ON CONFLICT (id) DO UPDATE SET body = 'mine' WHERE true", Blue));

        Query(new SqlRewrite("SELECT string_agg(body, ',' ORDER BY id) FROM notes", [], false)).Should().Be("sea,sky,rose,ink");
    }

    [Theory]
    [InlineData("SELECT secret FROM notes WHERE id = 1", "")]
    [InlineData("SELECT count(*) FROM notes WHERE secret LIKE 's%'", "0")]
    [InlineData("FROM notes n SELECT max(n.secret)", "")]
    [InlineData("SELECT n.secret FROM notes n WHERE n.id = 3", "")]
    [InlineData("SELECT max(COLUMNS('sec.*')) FROM notes", "")]
    public void Hides_masked_values_everywhere(string sql, string expected) =>
        Query(Rewrite(sql, new SqlTableScope(Notes, [], ["secret"]))).Should().Be(expected);

    [Fact]
    public void Shows_a_keyed_hash_in_place_of_a_value()
    {
        var hashed = new SqlTableScope(Notes, [], []) { Hashed = ["secret"], HashKey = "key" };

        var first = Query(Rewrite("SELECT secret FROM notes WHERE id = 1", hashed));
        first.Should().HaveLength(32).And.NotContain("s1");
        Query(Rewrite("SELECT DISTINCT secret FROM notes WHERE id = 1", hashed)).Should().Be(first);
        Query(Rewrite("SELECT secret FROM notes WHERE id = 1", new SqlTableScope(Notes, [], []) { Hashed = ["secret"], HashKey = "other" }))
            .Should().NotBe(first);
    }

    [Theory]
    [InlineData("SELECT rowid FROM notes")]
    [InlineData("TABLE notes")]
    [InlineData("DESCRIBE notes")]
    [InlineData("SUMMARIZE notes")]
    [InlineData("EXPLAIN FROM notes WHERE id > 100")]
    [InlineData("SELECT id FROM notes WHERE id = ?")]
    [InlineData("SELECT id FROM notes WHERE id = $1")]
    [InlineData("SELECT id FROM notes WHERE id = $lg_scope_0")]
    [InlineData("UPDATE notes SET tenant_id = 'red' WHERE id = 1")]
    [InlineData("INSERT OR REPLACE INTO notes (id, tenant_id) VALUES (3, 'blue')")]
    [InlineData("INSERT INTO notes (id) VALUES (3) ON CONFLICT (id) DO UPDATE SET tenant_id = 'blue'")]
    public void Refuses_what_can_not_be_confined(string sql) =>
        SqlRewriter.Rewrite(sql, SqlInspector.Inspect(sql, SqlDialect.DuckDb, Schema).Facts!, [Blue]).Refusal.Should().NotBeNull();

    public void Dispose() => _connection.Dispose();

    private static SqlRewrite Rewrite(string sql, SqlTableScope scope)
    {
        var rewrite = SqlRewriter.Rewrite(sql, SqlInspector.Inspect(sql, SqlDialect.DuckDb, Schema).Facts!, [scope]);
        rewrite.Refusal.Should().BeNull();

        // What is sent is read as one statement of the same tables.
        SqlInspector.Inspect(rewrite.Text!, SqlDialect.DuckDb, Schema).Refusal.Should().BeNull();
        return rewrite;
    }

    private string Query(SqlRewrite rewrite, string? column = null)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = rewrite.Text!;
        foreach (var parameter in rewrite.Parameters)
        {
            command.Parameters.Add(new DuckDBParameter(parameter.Name, parameter.Value));
        }

        var rows = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(Convert.ToString(reader.GetValue(column is null ? 0 : reader.GetOrdinal(column)), System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty);
        }

        return string.Join('|', rows);
    }
}
