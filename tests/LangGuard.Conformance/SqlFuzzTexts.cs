using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>Texts of a corpus, cut and glued at random.</summary>
internal sealed class SqlFuzzTexts
{
    private static readonly string[] Pieces =
    [
        " ", "\n", "--", "/*", "*/", ";", "'", "\"", "`", "[", "]", "(", ")", ",", ".", "*", "||", "=", "orders", "api_keys",
        "employees", "salary", "ssn", "v", "e", "e.*", "SELECT ", "FROM ", "WHERE ", "WITH ", "AS ", "api_keys AS (SELECT 1 AS v)",
        "UNION ", "JOIN ", "NATURAL ", "USING (id)", "ON ", "ORDER BY ", "GROUP BY ", "LIMIT 1 ", "VALUES (1)", "EXISTS ", "IN ",
        "(SELECT v FROM api_keys)", "(SELECT salary FROM employees)", "(SELECT 1 AS salary) e", "OVER ()", "CASE ", "END ",
        "DELETE FROM orders ", "UPDATE orders SET total=1 ", "INSERT INTO orders(id) VALUES(1) ", "RETURNING * ", "main.", "?1",
        "@a", "1", "'x'", "RECURSIVE ", "LEFT ", "HAVING ", "x", "count(*)", "rowid", "EXPLAIN ", "DISTINCT ", "json_each(", "NOT ",
        "employees e", "FROM employees", "NATURAL JOIN employees", "CROSS JOIN api_keys k", "k.v", "e.salary", "\r", "\t", "\u00a0",
    ];

    private static readonly string[] PostgresPieces =
    [
        "$$", "$a$", "E'\\'", "U&'\\0041'", "U&\"\\0041\"", "::", "::text", "::regclass", "(e).ssn", "ROW(", "LATERAL ", "e::text",
        "to_json(e)", "ONLY ", "TABLE employees", "TABLE ", "FOR UPDATE", "pg_catalog.", "public.", "$1", "employees.ssn", "e.salary(",
        "SIMILAR TO ", "ARRAY[", "COLLATE \"C\"", "OPERATOR(pg_catalog.+)", "WITHIN GROUP (ORDER BY salary)", "FILTER (WHERE ",
        "GROUPING SETS (", "TABLESAMPLE SYSTEM (10)", "MATERIALIZED ", "SEARCH DEPTH FIRST BY id SET s", "ROWS FROM (", "/*/*", "WINDOW w AS (",
        "AT TIME ZONE ", "ISNULL", "@a", ":a", "::int", "IS DISTINCT FROM ", "employees.*", "(SELECT e FROM employees e)", "* FROM employees",
    ];

    private static readonly string[] MySqlPieces =
    [
        "#", "-- ", "/*!", "/*M!", "*/", "\\", "\\'", "\\\"", "`ssn`", "`Ssn`", "E.ssn", "EMPLOYEES e", "e.SSN", "\u212A", "\u017Fsn", "s\u00DFn", "HAVING ssn = 1",
        "STRAIGHT_JOIN employees", "CROSS JOIN employees", "WITH ROLLUP", "SQL_NO_CACHE ", "HIGH_PRIORITY ", "DISTINCTROW ", "SQL_CACHE ssn", "(SELECT 1 AS ssn) X",
        "DIV ", "MOD ", "XOR ", "RLIKE ", "<=>", ":=", "@a", "@@version", "INTERVAL 1 DAY", "INTO @a", "FOR UPDATE", "LOCK IN SHARE MODE", "PROCEDURE ANALYSE()",
        "date '2024-01-01'", "_utf8mb4'x'", "N'x'", "b'1'", "0x41", "'a' 'b'", "AS 'ssn'", "AS \" ssn\"", "SEPARATOR ','", "GROUP_CONCAT(ssn SEPARATOR ';')", "BINARY ",
        "CONVERT(ssn, CHAR)", "VALUES(ssn)", "MATCH(ssn) AGAINST ('x')", "ANY (SELECT ssn FROM employees)", "SOUNDS LIKE ssn", "MEMBER OF (ssn)", "DUAL", "ROW(ssn, 1)", "{d '2024-01-01'}",
        "LIMIT 1, 2", "LIMIT ROWS EXAMINED 5", "PARTITION (p0)", "FORCE INDEX (PRIMARY)", "OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY", "(SELECT ssn FROM (SELECT 1) d)", "IN (SELECT ssn FROM employees)",
    ];

    private static readonly string[] TSqlPieces =
    [
        "[ssn]", "[ssn ]", "]]", "N'x'", "x'a'", "'a' 'b'", "$1", "$IDENTITY", "@@VERSION", "@@DATEFIRST", "#t", "##t", "\uFF53sn", "TOP 1 ", "TOP (1) ", "TOP ", "PERCENT ",
        "WITH TIES ", "CROSS APPLY ", "OUTER APPLY ", "(SELECT e.ssn) x", "OPENJSON(ssn) j", "STRING_SPLIT(ssn, ',') s", "FOR JSON PATH", "FOR XML PATH", "FOR BROWSE", "AUTO",
        "WITH (NOLOCK) ", "(NOLOCK)", "WITH (TABLOCKX) ", "INTO #x ", "INTO x ", "OPTION (RECOMPILE)", "OPTION (", "OUTPUT deleted.* ", "OUTPUT inserted.id INTO x ", "x = ssn", "x = ",
        "PIVOT (MAX(salary) FOR ssn IN ([a])) p", "UNPIVOT (x FOR y IN (ssn, name)) u", "WITHIN GROUP (ORDER BY ssn)", "OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY", "dbo.", "shop.dbo.", "s.shop.dbo.", "..",
        "sys.", "sys.tables", "EXEC ", "EXEC sp_who", "EXEC('x')", "DECLARE @x int ", "SET NOCOUNT ON ", "WAITFOR DELAY '0:0:1' ", "GO", "\nGO\n", "IF 1 = 1 ", "BEGIN ", "BEGIN TRAN ", "COMMIT ", "PRINT 1 ",
        "SELECT ssn FROM employees ", "DELETE employees ", "UPDATE e SET ssn = 1 FROM employees e ", "INSERT orders DEFAULT VALUES ", "MERGE ", "TRUNCATE TABLE orders ", "THROW ", "REVERT ", "RETURN ", "USE master ",
        "OPENROWSET(BULK 'x', SINGLE_CLOB) r", "OPENQUERY(s, 'x')", "CONVERT(int, ssn)", "TRY_CAST(ssn AS int)", "IIF(ssn = 1, 1, 0)", "DATEPART(ssn, hired)", "DATEADD(day, ssn, hired)", "CHECKSUM(*)",
        "NEXT VALUE FOR s", "{fn USER()}", "{d '2024-01-01'}", "geography::Point(1, 2, 3)", "*=", "+=", "!<", "%%physloc%%", "GROUPING SETS ((ssn), ())", "ROLLUP (ssn)", "WITH ROLLUP ", "ANY (SELECT ssn FROM employees)",
        "AT TIME ZONE ", "COLLATE Latin1_General_BIN ", "a AS (SELECT ssn FROM employees) ", "XMLNAMESPACES ", "FOR SYSTEM_TIME ALL ", "TABLESAMPLE (1 PERCENT) ", "AS 'x'", "label: ", "\\\n", "HASH ", "LOOP ", "REMOTE ",
        "VALUES (1) ", "(VALUES (1)) v(a)", "v(a)", "ENABLE ", "DISABLE TRIGGER ALL ON orders ", "ALL ", "CURRENT_USER", "USER", "IDENTITYCOL", "--\r", "/*/*", "*/*/",
    ];

    private static readonly string[] DuckDbPieces =
    [
        "FROM employees ", "FROM employees SELECT ", "SELECT * EXCLUDE (ssn) ", "* EXCLUDE ssn", "* REPLACE (1 AS ssn)", "* RENAME (ssn AS x)", "* LIKE 's%'", "COLUMNS('s.*')", "COLUMNS(* EXCLUDE (ssn))",
        "COLUMNS(c -> c LIKE 's%')", "COLUMNS(lambda c: c = 'ssn')", "*COLUMNS(*)", "e.* EXCLUDE (e.ssn)", "QUALIFY row_number() OVER (ORDER BY ssn) = 1 ", "GROUP BY ALL ", "ORDER BY ALL ", "USING SAMPLE 10% ",
        "TABLESAMPLE 10% ", "PIVOT employees ON title ", "PIVOT ", "UNPIVOT employees ON salary ", "UNPIVOT ", "PIVOT (max(salary) FOR title IN ('a'))", "ASOF JOIN ", "POSITIONAL JOIN employees ", "SEMI JOIN employees USING (id) ",
        "ANTI JOIN employees e ON e.ssn = name ", "UNION BY NAME ", "UNION ALL BY NAME FROM employees", "[ssn]", "[1, 2][1:2]", "[x FOR x IN [1] IF x > 1]", "{'a': ssn}", "{a: 1}", "MAP {ssn: 1}", "x -> ssn", "lambda x: ssn",
        "list_transform([1], x -> x)", "ssn.upper()", ".upper()", "e.ssn.lower()", "employees.ssn", "main.employees.ssn", "memory.main.employees", "::STRUCT(a INT)", "::VARCHAR[]", "::DOUBLE", "//", "**", "^@", "~~~", "<=>", "@",
        "$1", "$a", "?", "$$", "$a$", "E'\\'", "E'\''", "x'41'", "0x1F", "1_000", "1__0", "#1", "5.", ".5e1", "'a'\n'b'", "alias: ssn", "x: ", "e: employees", "employees AS e(a, b, ssn)", "LATERAL ", "(SELECT e.ssn) x",
        "range(3) r", "unnest([ssn]) u", "unnest([1]) AS u(x)", "generate_series(1, 2)", "read_csv('x')", "'x.csv'", "\"x.csv\"", "query('FROM employees')", "query_table('employees')", "DESCRIBE ", "SUMMARIZE employees", "SHOW ",
        "EXPLAIN ", "VALUES (1) t", "(VALUES (1)) v(a)", "TABLE employees", "FILTER (salary > 1)", "EXCLUDE TIES", "INTERVAL 1 DAY", "INTERVAL (salary) DAY", "TRY_CAST(ssn AS INT)", "AT TIME ZONE ", "GLOB ", "SIMILAR TO ",
        "IN [1]", "= ANY ([1])", "WITH ORDINALITY", "INSERT OR REPLACE INTO orders ", "BY NAME ", "ON CONFLICT DO NOTHING ", "RETURNING * ", "SET threads = 1", "COPY employees TO 'x'", "ATTACH 'x'", "PRAGMA ", "CALL ", "/*/*", "*/*/", "\v",
        "\u00a0", "\"ss\u00a0n\"", "LIMIT 10%", "COLLATE NOCASE", "IGNORE NULLS", "struct_pack(a := ssn)", "COLUMNS(e.*)", "count(e.*)", "(e).ssn", "e", "FROM (FROM employees)", "AS ssn", "SELECT 1 AS salary, ", "ssn AS name,",
    ];

    private readonly string[] _pieces;
    private readonly Random _random;

    internal SqlFuzzTexts(string corpus, string engine, int seed)
    {
        _pieces = engine == "sqlite" ? Pieces : engine == "mysql" ? [.. Pieces, .. MySqlPieces] : engine == "tsql" ? [.. Pieces, .. TSqlPieces] : engine == "duckdb" ? [.. Pieces, .. DuckDbPieces] : [.. Pieces, .. PostgresPieces];
        _random = new Random(seed);
        Corpus = [.. File.ReadLines(corpus).Where(line => line.Length > 0).Select(Text).OfType<string>()];

        string? Text(string line)
        {
            using var document = JsonDocument.Parse(line);
            var test = document.RootElement;
            return (test.GetProperty("dialect").GetString() == "any" || test.GetProperty("dialect").GetString() == engine)
                && test.GetProperty("schema").GetString() == "shop"
                ? test.GetProperty("sql").GetString()
                : null;
        }
    }

    internal IReadOnlyList<string> Corpus { get; }

    internal string Next()
    {
        var text = Corpus[_random.Next(Corpus.Count)];
        for (var left = _random.Next(1, 5); left > 0; left--)
        {
            var words = text.Split(' ').ToList();
            var piece = _pieces[_random.Next(_pieces.Length)];
            var other = Corpus[_random.Next(Corpus.Count)];
            switch (_random.Next(6))
            {
                case 0:
                    text = text.Insert(_random.Next(text.Length + 1), piece);
                    break;
                case 1 when text.Length > 1:
                    text = text.Remove(_random.Next(text.Length - 1), 1);
                    break;
                case 2:
                    text = text[.._random.Next(text.Length + 1)] + other[_random.Next(other.Length + 1)..];
                    break;
                case 3:
                    words[_random.Next(words.Count)] = piece.Trim();
                    text = string.Join(' ', words);
                    break;
                case 4:
                    var from = other.Split(' ');
                    words[_random.Next(words.Count)] = from[_random.Next(from.Length)];
                    text = string.Join(' ', words);
                    break;
                default:
                    words.Insert(_random.Next(words.Count + 1), piece.Trim());
                    text = string.Join(' ', words);
                    break;
            }
        }

        return text.Replace("\0", string.Empty, StringComparison.Ordinal);
    }
}
