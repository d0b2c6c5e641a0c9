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

    private readonly string[] _pieces;
    private readonly Random _random;

    internal SqlFuzzTexts(string corpus, string engine, int seed)
    {
        _pieces = engine == "sqlite" ? Pieces : engine == "mysql" ? [.. Pieces, .. MySqlPieces] : [.. Pieces, .. PostgresPieces];
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
