using CsCheck;
using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>Bounds, cache and facts of the inspector.</summary>
public sealed class SqlInspectorTests
{
    private static readonly string[] Words =
    [
        "SELECT", "FROM", "WHERE", "orders", "employees", "salary", "id", "(", ")", ",", ".", "*", "WITH", "AS", "x", "UNION",
        "JOIN", "USING", "NATURAL", "ON", "LATERAL", "ORDER", "BY", "GROUP", "VALUES", "CASE", "WHEN", "THEN", "END", "'text'",
        "1", "::", "int", "[", "]", "NOT", "IN", "EXISTS", "LIKE", "BETWEEN", "AND", "OR", "INSERT", "INTO", "UPDATE", "SET",
        "DELETE", "RETURNING", "ON CONFLICT", "DO UPDATE", "--", "/*", "*/", "$$", "'", "\"", ";", "@p", "$1", "?", "E'", "\0", "\n",
        "OVER", "FILTER", "WINDOW", "ARRAY", "ROW", "EXPLAIN", "RECURSIVE", "\u00a0", "\ud800", "é", "(SELECT", "count(*)",
    ];

    [Fact]
    public void Never_throws_and_gives_facts_or_a_refusal() =>
        Gen.OneOf([.. Words.Select(Gen.Const)]).List[0, 60].Select(words => string.Join(' ', words))
            .Sample(
                sql =>
                {
                    foreach (var dialect in Enum.GetValues<SqlDialect>())
                    {
                        var inspection = SqlShop.Inspect(sql, dialect);
                        (inspection.Facts is null).Should().Be(inspection.Refusal is not null);
                        if (inspection.Refusal is { } refusal)
                        {
                            refusal.Position.Should().BeInRange(0, sql.Length);
                        }
                    }
                },
                iter: 5_000);

    [Fact]
    public void Never_throws_on_any_text() =>
        Gen.String[Gen.Char, 0, 200].Sample(
            sql => Enum.GetValues<SqlDialect>().All(dialect => SqlShop.Inspect(sql, dialect) is not null), iter: 5_000);

    [Theory]
    [InlineData("SELECT ", "(", ")", "1")]
    [InlineData("SELECT ", "(SELECT ", ")", "1")]
    [InlineData("SELECT * FROM ", "(SELECT * FROM ", ") a", "orders")]
    [InlineData("SELECT ", "CASE WHEN ", " THEN 1 END", "1")]
    [InlineData("SELECT ", "lower(", ")", "'a'")]
    [InlineData("", "WITH a AS (", ") SELECT 1", "SELECT 1")]
    [InlineData("SELECT * FROM ", "(", ")", "orders")]
    public void Refuses_deep_nesting(string before, string open, string close, string inner)
    {
        foreach (var depth in new[] { 120, 2_000, 12_000 })
        {
            var sql = before + string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
            foreach (var dialect in Enum.GetValues<SqlDialect>())
            {
                SqlShop.Inspect(sql, dialect).Refusal.Should().NotBeNull();
            }
        }
    }

    [Fact]
    public void Accepts_long_chains_without_recursion()
    {
        var sql = "SELECT id FROM orders WHERE " + string.Join(" OR ", Enumerable.Range(0, 2_000).Select(n => $"id = {n}"));

        SqlShop.Inspect(sql, SqlDialect.Sqlite).Facts.Should().NotBeNull();
        SqlShop.Inspect(sql, SqlDialect.PostgreSql).Facts.Should().NotBeNull();
    }

    [Fact]
    public void Refuses_too_long_texts_too_many_parts_and_too_many_tables()
    {
        SqlShop.Inspect("SELECT '" + new string('a', SqlInspector.MaxLength) + "'", SqlDialect.Sqlite).Refusal.Should().NotBeNull();
        SqlShop.Inspect("SELECT " + string.Join(',', Enumerable.Repeat("1", 6_000)), SqlDialect.Sqlite).Refusal.Should().NotBeNull();
        SqlShop.Inspect("SELECT 1 FROM " + string.Join(',', Enumerable.Repeat("orders", 300)), SqlDialect.PostgreSql)
            .Refusal.Should().NotBeNull();
    }

    [Theory]
    [InlineData("SELECT {0} FROM orders", "id + ", "1", 3_000)]
    [InlineData("SELECT id FROM orders WHERE id IN ({0})", "1,", "1", 4_000)]
    [InlineData("SELECT {0} 1", "/* x */", "", 9_000)]
    [InlineData("SELECT {0} FROM orders a, orders b, orders c, orders d, orders e", "a.id,", "1", 1_900)]
    [InlineData("SELECT 1 FROM orders WHERE {0}", "EXISTS (SELECT 1 FROM orders o WHERE o.id = total) AND ", "1 = 1", 250)]
    [InlineData("SELECT * FROM (SELECT {0} FROM orders) x", "*,", "1", 300)]
    [InlineData("SELECT {0}", "\"a\"\"b\" ", "1", 4_000)]
    public async Task Takes_time_in_proportion_to_the_text(string format, string repeated, string last, int count)
    {
        var sql = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, format, string.Concat(Enumerable.Repeat(repeated, count)) + last);
        var inspecting = Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                SqlShop.Inspect(sql, SqlDialect.PostgreSql);
            }
        });

        // 64 KiB take about a millisecond; quadratic work would take seconds each time.
        await inspecting.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Remembers_by_text_dialect_and_schema()
    {
        const string Sql = "SELECT id, total FROM orders";
        var first = SqlInspector.Inspect(Sql, SqlDialect.Sqlite, SqlShop.Sqlite);

        SqlInspector.Inspect(new string(Sql.AsSpan()), SqlDialect.Sqlite, SqlShop.Sqlite).Should().BeSameAs(first);
        SqlInspector.Inspect(Sql, SqlDialect.PostgreSql, SqlShop.PostgreSql).Should().NotBeSameAs(first);
        var migrated = new SqlSchema(SqlDialect.Sqlite, [new SqlTable("main", "orders", ["id"])]);
        SqlInspector.Inspect(Sql, SqlDialect.Sqlite, migrated).Refusal.Should().NotBeNull();
    }

    [Fact]
    public void Tells_kind_limit_star_parameters_and_result()
    {
        var facts = SqlShop.Facts("SELECT * FROM orders WHERE id = $1 AND status = @status LIMIT 5", SqlDialect.PostgreSql);

        facts.Kind.Should().Be(SqlStatementKind.Query);
        facts.HasLimit.Should().BeTrue();
        facts.HasStar.Should().BeTrue();
        facts.ResultColumns.Should().Be(6);
        facts.Parameters.Select(parameter => $"{parameter.Sign}{parameter.Name}").Should().Equal("$1", "@status");
        SqlShop.Facts("EXPLAIN SELECT 1", SqlDialect.Sqlite).Kind.Should().Be(SqlStatementKind.Explain);
        SqlShop.Facts("SELECT 1 ; -- end", SqlDialect.Sqlite).End.Should().Be(8);
        SqlShop.Facts("SELECT id FROM (SELECT id FROM orders LIMIT 1) x", SqlDialect.PostgreSql).HasLimit.Should().BeFalse();
    }

    [Theory]
    [InlineData("UPDATE orders SET total = 0", false)]
    [InlineData("UPDATE orders SET total = 0 WHERE 1 = 1", false)]
    [InlineData("UPDATE orders SET total = 0 WHERE true", false)]
    [InlineData("DELETE FROM orders", false)]
    [InlineData("DELETE FROM orders WHERE id = 1", true)]
    [InlineData("WITH d AS (DELETE FROM orders RETURNING id) SELECT * FROM d", false)]
    [InlineData("WITH d AS (DELETE FROM orders WHERE id = 1 RETURNING id) UPDATE reviews SET rating = 1", false)]
    public void Tells_whether_a_change_is_bounded(string sql, bool expected) =>
        SqlShop.Facts(sql, SqlDialect.PostgreSql).HasWhere.Should().Be(expected);

    [Fact]
    public void Resolves_names_as_postgresql_keeps_them()
    {
        var schema = new SqlSchema(
            SqlDialect.PostgreSql,
            [new SqlTable("public", "Orders", ["Id"]), new SqlTable("public", "orders", ["id"])]);

        SqlInspector.Inspect("SELECT \"Id\" FROM \"Orders\"".AsSpan(), SqlDialect.PostgreSql, schema).Facts!
            .Tables.Should().ContainSingle().Which.Table!.Name.Should().Be("Orders");
        SqlInspector.Inspect("SELECT ID FROM ORDERS".AsSpan(), SqlDialect.PostgreSql, schema).Facts!
            .Tables.Should().ContainSingle().Which.Table!.Name.Should().Be("orders");
        schema.Tables.Should().OnlyContain(table => !table.IsNameUnique);
    }

    [Fact]
    public void Does_not_take_a_function_of_the_database_for_a_built_in()
    {
        var schema = new SqlSchema(SqlDialect.PostgreSql, [], functions: ["lower"]);

        SqlInspector.Inspect("SELECT lower('A')".AsSpan(), SqlDialect.PostgreSql, schema).Facts!
            .Functions.Should().ContainSingle().Which.IsBuiltIn.Should().BeFalse();
        SqlInspector.Inspect("SELECT pg_catalog.lower('A')".AsSpan(), SqlDialect.PostgreSql, schema).Facts!
            .Functions.Should().ContainSingle().Which.IsBuiltIn.Should().BeTrue();
    }
}
