using LangGuard.Data;
using Microsoft.Data.Sqlite;

namespace LangGuard.Tests.Data.Sql;

/// <summary>Row filters and masks, run by a real engine.</summary>
public sealed class SqlRewriterTests : IDisposable
{
    private static readonly SqlTable Notes = new("main", "notes", ["id", "tenant_id", "body", "secret"]);

    private static readonly SqlSchema Schema = new(
        SqlDialect.Sqlite, [Notes, new SqlTable("main", "tags", ["note_id", "tag"])]);

    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public SqlRewriterTests()
    {
        _connection.Open();
        Execute("""
            CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id TEXT, body TEXT, secret TEXT);
            CREATE TABLE tags (note_id INTEGER, tag TEXT);
            INSERT INTO notes VALUES (1, 'blue', 'sky', 's1'), (2, 'blue', 'sea', 's2'), (3, 'red', 'rose', 's3');
            INSERT INTO tags VALUES (1, 'a'), (3, 'b');
            """);
    }

    public static TheoryData<string, string> Reads => new()
    {
        { "SELECT id FROM notes", "1|2" },
        { "SELECT count(*) FROM notes", "2" },
        { "SELECT n.id FROM notes n JOIN tags t ON t.note_id = n.id", "1" },
        { "SELECT t.tag FROM tags t LEFT JOIN notes AS n ON n.id = t.note_id WHERE n.id IS NULL", "b" },
        { "SELECT id FROM (SELECT * FROM notes) UNION SELECT id FROM notes", "1|2" },
        { "WITH x AS (SELECT * FROM main.notes) SELECT count(*) FROM x, notes", "4" },
        { "SELECT tag FROM tags WHERE EXISTS (SELECT 1 FROM notes WHERE id = note_id)", "a" },
        { "SELECT tag FROM tags WHERE note_id IN (SELECT id FROM notes)", "a" },
        { "SELECT (SELECT max(id) FROM notes)", "2" },
        { "SELECT max(id) FROM notes WHERE 1 = 1 OR tenant_id = 'red'", "2" },
        { "SELECT id FROM notes -- WHERE", "1|2" },
        { "SELECT notes.id FROM notes ORDER BY notes.id DESC", "2|1" },
        { "SELECT \"notes\".id FROM \"notes\" \"notes\"", "1|2" },
        { "SELECT a.id FROM notes a, notes b WHERE a.id = b.id", "1|2" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public void Shows_only_rows_in_scope(string sql, string expected) => Query(Confine(sql)).Should().Be(expected);

    [Fact]
    public void Answers_alike_whether_or_not_another_row_exists()
    {
        // The condition fails on the row of another tenant: without the barrier the engine would run it there.
        const string Probe = "SELECT count(*) FROM notes WHERE CASE WHEN secret = 's3' THEN abs(-9223372036854775807 - 1) ELSE 1 END";
        var unconfined = () => Query(Probe);

        unconfined.Should().Throw<SqliteException>();
        Query(Confine(Probe)).Should().Be("2");
        Query(Confine("DELETE FROM notes WHERE CASE WHEN secret = 's3' THEN abs(-9223372036854775807 - 1) ELSE 0 END"))
            .Should().BeEmpty();
    }

    [Fact]
    public void Changes_only_rows_in_scope()
    {
        Query(Confine("UPDATE notes SET body = 'x' WHERE id > 0 OR 1 = 1"));
        Query("SELECT group_concat(body) FROM notes").Should().Be("x,x,rose");
        Query(Confine("UPDATE notes AS n SET body = n.body || 'y'"));
        Query("SELECT group_concat(body) FROM notes").Should().Be("xy,xy,rose");
        Query(Confine("DELETE FROM notes WHERE id = 3 -- now"));
        Query(Confine("DELETE FROM notes WHERE id = 1 RETURNING id")).Should().Be("1");
        Query("SELECT group_concat(id) FROM notes").Should().Be("2,3");
    }

    [Fact]
    public void Says_of_each_new_row_whether_it_is_in_scope()
    {
        var rewrite = Rewrite("INSERT INTO notes (id, tenant_id) VALUES (10, 'blue'), (11, 'red'), (12, NULL)");

        rewrite.HasScopeColumn.Should().BeTrue();
        Query(rewrite).Should().Be("1|0|");
        Query(Rewrite("INSERT INTO notes (id, tenant_id) SELECT 20 + id, tenant_id FROM notes RETURNING id"))
            .Should().Be("21,1|22,1|30,1");
    }

    [Fact]
    public void Does_not_change_a_row_out_of_scope_on_conflict()
    {
        Query(Confine("INSERT INTO notes (id, tenant_id) VALUES (3, 'blue') ON CONFLICT (id) DO UPDATE SET body = 'mine'"));
        Query(Confine(
            "INSERT INTO notes (id, tenant_id) VALUES (3, 'blue') ON CONFLICT (id) DO UPDATE SET body = 'mine' WHERE 1"));

        Query("SELECT body FROM notes WHERE id = 3").Should().Be("rose");
    }

    [Theory]
    [InlineData("SELECT rowid FROM notes")]
    [InlineData("SELECT id FROM notes NOT INDEXED")]
    [InlineData("UPDATE notes SET tenant_id = 'red' WHERE id = 1")]
    [InlineData("REPLACE INTO notes (id, tenant_id) VALUES (3, 'blue')")]
    [InlineData("INSERT OR REPLACE INTO notes (id, tenant_id) VALUES (3, 'blue')")]
    [InlineData("INSERT INTO notes (id) VALUES (3) ON CONFLICT (id) DO UPDATE SET tenant_id = 'blue'")]
    [InlineData("SELECT id FROM notes WHERE body = @lg_scope_0")]
    [InlineData("SELECT id FROM notes WHERE body = :LG_SCOPE_7")]
    [InlineData("DELETE FROM notes WHERE rowid = 1")]
    public void Refuses_what_can_not_be_confined(string sql) => Rewrite(sql).Refusal.Should().NotBeNull();

    [Theory]
    [InlineData("SELECT secret FROM notes WHERE id = 1", "")]
    [InlineData("SELECT count(*) FROM notes WHERE secret LIKE 's%'", "0")]
    [InlineData("SELECT max(secret) FROM notes", "")]
    [InlineData("SELECT count(DISTINCT secret), count(*) FROM notes", "0,3")]
    [InlineData("SELECT n.* FROM notes n WHERE n.id = 3", "3,red,rose,")]
    public void Hides_masked_values_everywhere(string sql, string expected) =>
        Query(Rewrite(sql, new SqlTableScope(Notes, [], ["secret"]))).Should().Be(expected);

    [Fact]
    public void Refuses_to_read_a_masked_column_of_the_changed_table()
    {
        var masked = new SqlTableScope(Notes, [], ["secret"]);

        Rewrite("UPDATE notes SET body = secret WHERE id = 1", masked).Refusal.Should().NotBeNull();
        Rewrite("DELETE FROM notes WHERE id = 1 RETURNING secret", masked).Refusal.Should().NotBeNull();
        Rewrite("UPDATE notes SET body = 'x' WHERE id = 1", masked).Refusal.Should().BeNull();
    }

    [Fact]
    public void Passes_the_value_as_a_parameter()
    {
        var rewrite = Rewrite(
            "SELECT id FROM notes", new SqlTableScope(Notes, [new SqlRowFilter("tenant_id", "blue' OR 1=1 --")], []));

        rewrite.Text.Should().NotContain("OR 1=1");
        rewrite.Parameters.Should().ContainSingle().Which.Value.Should().Be("blue' OR 1=1 --");
        Query(rewrite).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public void Can_be_inspected_again(string sql, string expected)
    {
        _ = expected;
        var again = SqlInspector.Inspect(Rewrite(sql).Text.AsSpan(), SqlDialect.Sqlite, Schema);

        again.Facts.Should().NotBeNull();
        again.Facts!.Parameters.Select(parameter => parameter.Name).Distinct().Should().Equal("lg_scope_0");
    }

    [Fact]
    public void Puts_a_barrier_into_postgresql_queries()
    {
        var table = new SqlTable("public", "notes", ["id", "Tenant", "secret"]);
        var schema = new SqlSchema(SqlDialect.PostgreSql, [table]);
        const string Sql = "SELECT n.id FROM notes n WHERE n.id = $1";
        var facts = SqlInspector.Inspect(Sql.AsSpan(), SqlDialect.PostgreSql, schema).Facts!;

        var rewrite = SqlRewriter.Rewrite(
            Sql, facts, [new SqlTableScope(table, [new SqlRowFilter("Tenant", "blue")], ["secret"])]);

        rewrite.Text.Should().Be(
            "SELECT n.id FROM (SELECT \"id\", \"Tenant\", CAST(NULL AS text) AS \"secret\" FROM \"public\".\"notes\" "
            + "WHERE \"Tenant\" = @lg_scope_0 OFFSET 0) n WHERE n.id = $1");
    }

    public void Dispose() => _connection.Dispose();

    private static SqlRewrite Rewrite(string sql, SqlTableScope? scope = null)
    {
        var inspection = SqlInspector.Inspect(sql.AsSpan(), SqlDialect.Sqlite, Schema);
        inspection.Refusal.Should().BeNull(sql);
        return SqlRewriter.Rewrite(
            sql, inspection.Facts!, [scope ?? new SqlTableScope(Notes, [new SqlRowFilter("tenant_id", "blue")], [])]);
    }

    private static SqlRewrite Confine(string sql)
    {
        var rewrite = Rewrite(sql);
        rewrite.Refusal.Should().BeNull(sql);
        return rewrite;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string Query(string sql) => Query(new SqlRewrite(sql, [], false));

    /// <summary>Rows between bars, values between commas.</summary>
    private string Query(SqlRewrite rewrite)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = rewrite.Text;
        foreach (var parameter in rewrite.Parameters)
        {
            command.Parameters.AddWithValue($"@{parameter.Name}", parameter.Value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(index => reader.GetValue(index).ToString())));
        }

        return string.Join('|', rows);
    }
}
