using System.Diagnostics;
using System.Globalization;
using LangGuard.Data;
using LangGuard.Tests.Data.Sql;

namespace LangGuard.Tests.Data;

/// <summary>Short texts that make values as large as the memory of the process or the server.</summary>
public sealed class LargeValueTests : IClassFixture<DuckDbFile>, IClassFixture<ShopFixture>
{
    private readonly DuckDbFile _duckDb;
    private readonly ShopFixture _sqlite;

    public LargeValueTests(DuckDbFile duckDb, ShopFixture sqlite) => (_duckDb, _sqlite) = (duckDb, sqlite);

    public static TheoryData<string, string> Large => new()
    {
        { "DuckDb", "SELECT repeat('x', 1000000000)" },
        { "DuckDb", "SELECT REPEAT /* */ ('x', (1000000000))" },
        { "DuckDb", "SELECT 'x'.repeat(1000000000)" },
        { "DuckDb", "SELECT name.repeat(1000000000) FROM customers" },
        { "DuckDb", "SELECT main.repeat('x', 1000000000)" },
        { "DuckDb", "SELECT repeat('x', 9223372036854775807), repeat(repeat(name, 2147483647), 2147483647), range(2147483647) FROM customers" },
        { "DuckDb", "SELECT repeat('x', least(id, 1000000000)) FROM orders" },
        { "PostgreSql", "SELECT repeat(repeat('x', 1000), count(*)::int) FROM orders" },
        { "DuckDb", "SELECT repeat(repeat('x', 10000), 10000)" },
        { "DuckDb", "SELECT repeat(s, 10000) FROM (SELECT repeat('x', 10000) AS s)" },
        { "DuckDb", "WITH a AS (SELECT repeat('x', 1000) AS s), b AS (SELECT repeat(s, 1000) AS s FROM a) SELECT repeat(s, 1000) FROM b" },
        { "DuckDb", "SELECT lpad('x', 1000000000, 'y')" },
        { "DuckDb", "SELECT rpad(name, 1000000000, 'y') FROM customers" },
        { "DuckDb", "SELECT bar(1, 0, 1, 1000000000)" },
        { "DuckDb", "SELECT list_resize([1], 1000000000)" },
        { "DuckDb", "SELECT [1].array_resize(1000000000, 0)" },
        { "DuckDb", "SELECT range(1000000000)" },
        { "DuckDb", "SELECT range(5, 1000000000, 3)" },
        { "DuckDb", "SELECT range(-1000000000, 5)" },
        { "DuckDb", "SELECT unnest(generate_series(TIMESTAMP '1970-01-01', TIMESTAMP '2024-01-01', INTERVAL 1 SECOND))" },
        { "DuckDb", "SELECT list_transform(range(1000), lambda x: range(1000))" },
        { "DuckDb", "SELECT list_transform(range(1000), x -> repeat('x', 1000))" },
        { "DuckDb", "SELECT list_reduce(range(40)::VARCHAR[], lambda a, b: a || a)" },
        { "DuckDb", "SELECT list_reduce(range(40)::VARCHAR[], (a, b) -> concat(a, b, a))" },
        { "DuckDb", "SELECT format('{:>1000000000}', 'x')" },
        { "DuckDb", "SELECT format('{:>{}}', 'x', 1000000000)" },
        { "DuckDb", "SELECT printf('%1000000000d', 1)" },
        { "DuckDb", "SELECT printf('%*d', 1000000000, 1)" },
        { "DuckDb", "SELECT printf(name, 1) FROM customers" },
        { "DuckDb", "SELECT replace(repeat('x', 1000), 'x', repeat('y', 1000))" },
        { "DuckDb", "SELECT CAST(NULL AS INTEGER[100000])" },
        { "DuckDb", "SELECT NULL::INTEGER[1000][1000]" },
        { "DuckDb", "SELECT max(id, 900000) FROM orders" },
        { "DuckDb", "SELECT " + string.Join(", ", Enumerable.Range(0, 100).Select(i => $"repeat('{i}', 9000)")) },
        { "PostgreSql", "SELECT repeat('x', 1000000000)" },
        { "PostgreSql", "SELECT pg_catalog.repeat('x', 1000000000)" },
        { "PostgreSql", "SELECT * FROM repeat('x', 1000000000)" },
        { "PostgreSql", "SELECT repeat(repeat('x', id), id) FROM orders" },
        { "DuckDb", "SELECT generate_series(created_at, '290000-01-01', INTERVAL 1 DAY) FROM orders" },
        { "PostgreSql", "SELECT length(repeat(repeat('x', 10000), 10000))" },
        { "PostgreSql", "SELECT lpad('x', 1000000000, 'y')" },
        { "PostgreSql", "SELECT format('%1000000000s', 'x')" },
        { "PostgreSql", "SELECT format('%*s', 1000000000, 'x')" },
        { "PostgreSql", "SELECT array_fill(1, ARRAY[10000, 10000])" },
        { "PostgreSql", "SELECT 'x'::char(10000000)" },
        { "PostgreSql", "SELECT CAST('x' AS character(10000000)), bit(80000000) '1'" },
        { "PostgreSql", $"SELECT {Nested("quote_literal", 30, "'a'")}" },
        { "DuckDb", $"SELECT {Nested("hex", 30, "'x'")}" },
        { "Sqlite", $"SELECT {Nested("hex", 20, "name")} FROM customers" },
        { "MySql", "SELECT " + string.Join(", ", Enumerable.Range(0, 100).Select(i => $"CAST('{i}' AS BINARY(16000000))")) },
        { "TSql", "SELECT REPLICATE(CAST('x' AS varchar(max)), 1000000000)" },
        { "TSql", "SELECT REPLICATE(name, 1000000000) FROM customers" },
        { "TSql", "SELECT REPLICATE(name, id) FROM customers" },
        { "MySql", "SELECT " + string.Join(", ", Enumerable.Range(0, 100).Select(i => $"REPEAT('{i}', 16000000)")) },
        { "Sqlite", "SELECT " + string.Join(", ", Enumerable.Range(0, 100).Select(i => $"printf('%.*c', 16000000, '{i % 10}')")) },
    };

    /// <summary>Sizes that only the engine can tell: it gets a bound for each.</summary>
    public static TheoryData<string, string> Unknown => new()
    {
        { "DuckDb", "SELECT \"repeat\"('x', 1_000_000_000)" },
        { "DuckDb", "SELECT repeat('x', 1e9::INT)" },
        { "DuckDb", "SELECT repeat('x', 1000 * 1000000)" },
        { "DuckDb", "SELECT repeat('x', (SELECT 1000000000))" },
        { "DuckDb", "SELECT repeat('x', id) FROM orders" },
        { "DuckDb", "SELECT repeat('x', 5), lpad(name, id), repeat('x', id) FROM customers" },
        { "DuckDb", "SELECT repeat('x', $1)" },
        { "DuckDb", "SELECT repeat('x', least(id, 10) * 100000000) FROM orders" },
        { "DuckDb", "SELECT repeat('x', 10 - id) FROM orders" },
        { "DuckDb", "SELECT repeat('x', count(*)::INT) FROM range(2000000000)" },
        { "PostgreSql", "SELECT repeat('x', count(*)::int * 1000000) FROM orders" },
        { "DuckDb", "SELECT bitstring('0101', 4000000000)" },
        { "DuckDb", "SELECT len(generate_series(id, id + 1000000)) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', 1000 * id) FROM (SELECT 1000000 AS id) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT 1000000000 AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (VALUES (1000000)) t (n)" },
        { "PostgreSql", "SELECT repeat('x', '1000000000')" },
        { "PostgreSql", "SELECT repeat('x', n + '1_000_000_000') FROM (SELECT id AS n FROM orders) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT '1e9'::numeric::int AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT ('9999' || '99999')::int AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT repeat('9', 9)::int AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT CAST(concat('9999', '99999') AS int) AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT E'\\x31000000000' AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT $q$1000000000$q$ AS n) t" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT 9999 * 9999 AS n) t" },
        { "PostgreSql", "SELECT repeat('x', id * id * id) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', id << 20) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', concat(id, id, id)::int) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', n::int) FROM (SELECT id::text || id::text AS n FROM orders) t" },
        { "PostgreSql", "SELECT repeat('x', repeat(id::text, 7)::int) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', CAST(string_agg(name, '') AS int)) FROM customers" },
        { "PostgreSql", "SELECT repeat('x', (date '9999-12-31' - date '0001-01-01') * 100) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', upper(int4range '[1,1000000000)')) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT n + n AS n FROM (SELECT n + n AS n FROM (SELECT 9999 AS n) a) b) c" },
        { "PostgreSql", "SELECT repeat('x', n - m) FROM (SELECT id AS n, 0 - id AS m FROM orders) t" },
        { "PostgreSql", "SELECT repeat('x', (avg(id) / (avg(id) / 9999 / 9999))::int) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', (id ^ 9)::int) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', power(10, 9)::int)" },
        { "PostgreSql", "SELECT repeat('x', \"power\"(id, 9)::int) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', extract(epoch FROM now())::int)" },
        { "PostgreSql", "SELECT repeat('x', sum(id)::int) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT $1 AS n) t" },
        { "PostgreSql", "SELECT repeat('x', id + $1) FROM orders" },
        { "PostgreSql", "SELECT repeat('x', n) FROM (SELECT " + string.Join(" + ", Enumerable.Repeat("9999", 100)) + " AS n) t" },
        { "PostgreSql", "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + n FROM t) SELECT repeat('x', n) FROM t LIMIT 31" },
        { "PostgreSql", "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n * 2 FROM t) SELECT repeat('x', n) FROM t LIMIT 31" },
        { "PostgreSql", "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 9999 FROM t) SELECT repeat('x', n) FROM t LIMIT 9999" },
        { "PostgreSql", "SELECT repeat('x', g * 9999) FROM generate_series(1, 9999) g" },
        { "DuckDb", "SELECT generate_series(created_at, created_at + INTERVAL 9999 YEAR, INTERVAL 1 DAY) FROM orders" },
        { "DuckDb", "SELECT generate_series(created_at, created_at, INTERVAL 1 SECOND) FROM orders" },
        { "DuckDb", "WITH b AS (SELECT min(created_at) AS lo, max(created_at) AS hi FROM orders) SELECT unnest(generate_series(lo, hi, INTERVAL 1 DAY)) FROM b" },
        { "DuckDb", "SELECT range(id), range(1, id + 1), range(0, id, 2) FROM customers" },
        { "DuckDb", "SELECT name.repeat(id) FROM customers" },
        { "PostgreSql", "SELECT repeat('x', greatest(length(split_part(name, ' ', 1)) - 1, 0)), rpad(name, max(id) OVER (), '.') FROM customers" },
    };

    /// <summary>Values that are joined to themselves: each name, or each round, makes them larger.</summary>
    public static TheoryData<string, string> Growing => new()
    {
        { "PostgreSql", Doubled("s || s", 11) },
        { "PostgreSql", Doubled("concat(s, '-', s)", 11) },
        { "PostgreSql", Doubled("array_to_string(ARRAY[s, s], '')", 11) },
        { "PostgreSql", Doubled("(SELECT s || s)", 11) },
        { "PostgreSql", Doubled("replace(s, 'x', s)", 2) },
        { "PostgreSql", Doubled("replace(s, 'x', 'xxxx')", 6) },
        { "Sqlite", Doubled("s || s", 11) },
        { "MySql", Doubled("concat(s, s)", 11) },
        { "TSql", Doubled("s + s", 17) },
        { "DuckDb", Doubled("s || s", 11) },
        { "DuckDb", Doubled("[s, s]", 11) },
        { "DuckDb", Doubled("{'a': s, 'b': s}", 11) },
        { "DuckDb", Doubled("s.concat(s)", 11) },
        { "DuckDb", "SELECT name || name AS a, a || a AS b, b || b AS c, c || c AS d, d || d AS e, e || e AS f, f || f AS g, g || g AS h, h || h AS i, i || i AS j, j || j AS k FROM customers" },
        { "DuckDb", "SELECT " + string.Concat(Enumerable.Repeat("replace(", 12)) + "name" + string.Concat(Enumerable.Repeat(", 'a', name)", 12)) + " FROM customers" },
        { "PostgreSql", "WITH " + string.Join(", ", Enumerable.Range(1, 11).Select(i => $"a{i} AS (SELECT s || s AS s FROM {(i == 1 ? "(SELECT name AS s FROM customers) c" : $"a{i - 1}")})")) + " SELECT s FROM a11" },
        { "PostgreSql", "WITH RECURSIVE t (s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t) SELECT s FROM t" },
        { "PostgreSql", "WITH RECURSIVE t (n, a, b) AS (SELECT 1, 'x', 'y' UNION ALL SELECT n + 1, a || b, b || a FROM t) SELECT a FROM t" },
        { "PostgreSql", "WITH RECURSIVE t (n, a, b) AS (SELECT 1, 'x', 'y' UNION ALL SELECT n + 1, a || b, a FROM t) SELECT a FROM t" },
        { "PostgreSql", "WITH RECURSIVE t (s) AS (SELECT 'x' UNION ALL SELECT q.s FROM (SELECT s || s AS s FROM t) q) SELECT s FROM t" },
        { "PostgreSql", "WITH RECURSIVE t (s) AS (SELECT 'x' UNION ALL (SELECT s || s FROM t)) SELECT s FROM t" },
        { "DuckDb", "WITH RECURSIVE t (s) AS (SELECT [1] UNION ALL SELECT list_concat(s, s) FROM t) SELECT s FROM t" },
        { "DuckDb", "WITH RECURSIVE t (s) AS (SELECT 'x' UNION ALL SELECT CASE WHEN true THEN s || s ELSE s END FROM t) SELECT s FROM t" },
    };

    public static TheoryData<string, string> Steady => new()
    {
        { "PostgreSql", Doubled("s || '-'", 12) },
        { "PostgreSql", Doubled("s || s", 5) },
        { "PostgreSql", Doubled("CASE WHEN s > s || s THEN s ELSE s END", 20) },
        { "PostgreSql", Doubled("coalesce(nullif(s, s), s)", 20) },
        { "PostgreSql", Doubled("replace(s, '&', '&amp;')", 20) },
        { "Sqlite", Doubled("s || ' ' || upper('x')", 20) },
        { "TSql", Doubled("s + '-'", 20) },
        { "DuckDb", Doubled("list_transform([s], x -> x)[1]", 3) },
        { "PostgreSql", "SELECT replace(replace(replace(replace(replace(name, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '#', '&#35;'), '!', '&excl;') FROM customers" },
        { "PostgreSql", "SELECT replace(replace(replace(name, '{id}', id::text), '{a}', country), '{b}', city) FROM customers" },
        { "PostgreSql", "WITH RECURSIVE t (id, name, path) AS (SELECT id, name, name::text FROM categories WHERE parent_id IS NULL UNION ALL "
            + "SELECT c.id, c.name, t.path || ' > ' || c.name FROM categories c JOIN t ON c.parent_id = t.id) SELECT path || ' ' || name FROM t" },
        { "PostgreSql", "WITH RECURSIVE t (id, name, path) AS (SELECT id, name, '' FROM categories UNION ALL "
            + "SELECT c.id, c.name, CASE WHEN path = '' THEN c.name ELSE path || '/' || c.name END FROM categories c JOIN t ON c.parent_id = t.id) SELECT path FROM t" },
        { "PostgreSql", "WITH RECURSIVE fib (n, a, b) AS (SELECT 1, 0, 1 UNION ALL SELECT n + 1, b, a + b FROM fib WHERE n < 20) SELECT a FROM fib" },
        { "PostgreSql", "WITH RECURSIVE t (s) AS (SELECT 'x' UNION ALL SELECT left(s || s, 100) FROM t) SELECT s FROM t LIMIT 5" },
        { "Sqlite", "WITH RECURSIVE t (s, i) AS (SELECT '1..', 1 UNION ALL SELECT substr(s, 1, i - 1) || '2' || substr(s, i + 1), i + 1 FROM t WHERE i < 4) SELECT s FROM t" },
    };

    public static TheoryData<string, string> Small => new()
    {
        { "DuckDb", "SELECT lpad(name, 10, '0'), rpad(name, 20, '.'), repeat('-', 20) FROM customers" },
        { "DuckDb", "SELECT range(12), range(2020, 2031), generate_series(0, 86400, 3600), generate_series(10, 0, -2)" },
        { "DuckDb", "SELECT unnest(generate_series(DATE '2024-01-01', DATE '2024-12-31', INTERVAL 1 DAY))" },
        { "DuckDb", "SELECT unnest(range('2024-01-01'::DATE, '2024-12-31'::DATE, INTERVAL '1 month'))" },
        { "DuckDb", "SELECT * FROM range(1000000) LIMIT 5" },
        { "DuckDb", "SELECT d FROM generate_series(TIMESTAMP '2024-01-01', TIMESTAMP '2024-02-01', INTERVAL 1 MINUTE) t(d)" },
        { "DuckDb", "SELECT bar(total, 0, 100, 20), repeat('*', least(id, 50)), repeat('#', least(id, 50)::INT) FROM orders" },
        { "DuckDb", "SELECT repeat('0', 10 - length(name)) || name FROM customers" },
        { "DuckDb", "SELECT list_transform(range(1, len([1, 2]) + 1), lambda i: i * 2), [x + 1 for x in range(5)]" },
        { "DuckDb", "SELECT list_reduce([1, 2, 3], lambda a, b: CASE WHEN a > b THEN a ELSE b END), list_reduce(['a', 'b'], (a, b) -> a || '-' || b)" },
        { "DuckDb", "SELECT format('{:>10} {}', name, id), printf('%05d %.2f', id, 1.5), format('{{x}} {}', 1) FROM customers" },
        { "DuckDb", "SELECT array_cosine_similarity([1, 2, 3]::FLOAT[3], [3, 2, 1]::FLOAT[3]), NULL::FLOAT[1536]" },
        { "DuckDb", "SELECT max(id), max(id, 3), arg_max(name, id, 3), max(id ORDER BY id) FROM customers" },
        { "DuckDb", "SELECT replace(name, 'a', 'b'), name.repeat(2), name.lpad(5, ' ') FROM customers" },
        { "PostgreSql", "SELECT lpad(name, 10, '0'), repeat('-', 20), format('%-10s|%5s (%I)', name, id, name) FROM customers" },
        { "PostgreSql", "SELECT repeat('*', least(id, 40)), repeat('x', 3), array_fill(0, ARRAY[3, 4]) FROM orders" },
        { "PostgreSql", "SELECT generate_series(1, 1000000)" },
        { "PostgreSql", "SELECT name, repeat('*', id) FROM customers WHERE name <> 'nobody' ORDER BY id LIMIT 100" },
        { "PostgreSql", "SELECT name, rpad(name, 5 + id, '.') FROM customers WHERE id = $1" },
        { "PostgreSql", "SELECT c.name, repeat('#', avg(o.id)::int / 10) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.name" },
        { "PostgreSql", "WITH RECURSIVE tree (id, depth) AS (SELECT id, 0 FROM customers UNION ALL SELECT t.id, t.depth + 1 FROM tree t WHERE t.depth < 5) "
            + "SELECT repeat('  ', depth) || id, repeat(' ', depth * 2) FROM tree" },
        { "PostgreSql", "SELECT repeat('*', count(*)::int), repeat('*', count(*)::int / 10), repeat('*', (count(*) / 10)::int) FROM orders" },
        { "PostgreSql", "SELECT name::char(10), CAST(id AS varchar(1000000)), bit(8) '1', quote_literal(quote_ident(name)), to_json(name) FROM customers" },
        { "DuckDb", "SELECT hex(md5(hex(name))), to_json({'a': json_array(to_json(name))}) FROM customers" },
        { "PostgreSql", "SELECT * FROM generate_series(1, 1000000) AS g" },
        { "TSql", "SELECT REPLICATE('0', 10 - LEN(name)) + name, SPACE(id), REPLICATE(name, 3), FORMAT(id, 'D8') FROM customers" },
        { "MySql", "SELECT REPEAT('*', id), LPAD(id, 5, '0'), SPACE(2), RPAD(name, id, '-') FROM customers" },
        { "Sqlite", "SELECT printf('%.2f', id), format('%05d', id), printf('%*d', 5, id), replace(name, 'a', 'b') FROM customers" },
    };

    /// <summary>The first text of each pair takes more than 300 megabytes, and is refused before it runs.</summary>
    public static TheoryData<string> TakesMemory =>
    [
        "SELECT length(repeat('x', 400000000))",
        "SELECT length(lpad('x', 400000000, 'y'))",
        "SELECT length(list_resize([1], 30000000))",
        "SELECT len(range(10000000))",
        "SELECT length(format('{:>400000000}', 'x'))",
        "SELECT length(printf('%400000000d', 1))",
        "SELECT length(replace(repeat('x', 20000), 'x', repeat('y', 20000)))",
        "SELECT length(list_reduce(range(28)::VARCHAR[], lambda a, b: a || a))",
        "SELECT length(bitstring('0101', 2000000000))",
        $"SELECT length({Nested("hex", 28, "'x'")})",
    ];

    [Theory]
    [MemberData(nameof(Large))]
    public void Denies_what_has_no_bound(string dialect, string sql) =>
        SqlShop.Inspect(sql, Enum.Parse<SqlDialect>(dialect)).Refusal!.Message.Should().Contain("too large", sql);

    [Theory]
    [MemberData(nameof(Growing))]
    public void Denies_what_grows_under_new_names(string dialect, string sql) =>
        SqlShop.Inspect(sql, Enum.Parse<SqlDialect>(dialect)).Refusal!.Message.Should().Contain("too large", sql);

    [Theory]
    [MemberData(nameof(Steady))]
    public void Reads_what_grows_a_little(string dialect, string sql) =>
        SqlShop.Inspect(sql, Enum.Parse<SqlDialect>(dialect)).Refusal.Should().BeNull(sql);

    [Theory]
    [MemberData(nameof(Unknown))]
    public void Leaves_a_bound_to_the_engine_where_only_rows_tell(string dialect, string sql)
    {
        var facts = SqlShop.Facts(sql, Enum.Parse<SqlDialect>(dialect));
        facts.Bounds.Should().NotBeEmpty();

        var bounded = SqlShop.Facts(SqlBound.Apply(sql, facts.Bounds), Enum.Parse<SqlDialect>(dialect));
        bounded.Bounds.Should().BeEmpty();
        SqlShop.Describe(bounded).Should().Be(SqlShop.Describe(facts));
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Reads_what_has_one(string dialect, string sql) =>
        SqlShop.Inspect(sql, Enum.Parse<SqlDialect>(dialect)).Refusal.Should().BeNull(sql);

    [Theory]
    [MemberData(nameof(TakesMemory))]
    public void A_process_without_the_guard_pays_for_it_and_one_with_it_does_not(string sql)
    {
        var (unguarded, taken) = Measure("duckdb", _duckDb.Copy(), "bare", sql);
        unguarded.Should().Be("ran");
        taken.Should().BeGreaterThan(200);

        var (guarded, left) = Measure("duckdb", _duckDb.Copy(), "guarded", sql);
        guarded.Should().Be("database.statement");
        left.Should().BeLessThan(100);
    }

    /// <summary>SQLite refuses one value of more than its limit here; the inspector a row of many that are just below.</summary>
    [Fact]
    public void A_row_of_large_values_is_refused()
    {
        var sql = $"SELECT {string.Join(", ", Enumerable.Range(0, 30).Select(i => $"printf('%.*c', 16000000, '{i % 10}')"))} FROM orders LIMIT 1";

        var (unguarded, taken) = Measure("sqlite", _sqlite.Path, "bare", sql);
        unguarded.Should().Be("ran");
        taken.Should().BeGreaterThan(300);

        var (guarded, left) = Measure("sqlite", _sqlite.Path, "guarded", sql);
        guarded.Should().Be("database.statement");
        left.Should().BeLessThan(100);
    }

    /// <summary>A query of a query of a query, each of which joins <c>s</c>.</summary>
    private static string Doubled(string join, int times)
    {
        var query = "SELECT name AS s FROM customers";
        for (var i = 0; i < times; i++)
        {
            query = $"SELECT {join} AS s FROM ({query}) q{i}";
        }

        return query;
    }

    private static string Nested(string function, int times, string value) =>
        string.Concat(Enumerable.Repeat($"{function}(", times)) + value + new string(')', times);

    private static (string Outcome, int Megabytes) Measure(string engine, string file, string mode, string sql)
    {
        var start = new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "LangGuard.CrashRunner.dll"), "values", engine, file, mode, sql])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        answer.Should().NotBeEmpty();
        var words = answer.Trim().Split(' ');
        return (words[0], int.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
