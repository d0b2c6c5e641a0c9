using System.Globalization;
using System.Text.Json;
using LangGuard.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.SecurityTests.Data;

/// <summary>Mutated corpus text, read by the inspector and compiled by SQLite: what the engine uses must be among the facts.</summary>
/// <remarks><c>LANGGUARD_FUZZ_TEXTS</c> sets how many texts are tried and <c>LANGGUARD_FUZZ_SEED</c> which.</remarks>
public sealed class InspectorFuzzTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        " ", "\n", "--", "/*", "*/", ";", "'", "\"", "`", "[", "]", "(", ")", ",", ".", "*", "||", "=", "orders", "api_keys",
        "employees", "salary", "ssn", "v", "e", "e.*", "SELECT ", "FROM ", "WHERE ", "WITH ", "AS ", "api_keys AS (SELECT 1 AS v)",
        "UNION ", "JOIN ", "NATURAL ", "USING (id)", "ON ", "ORDER BY ", "GROUP BY ", "LIMIT 1 ", "VALUES (1)", "EXISTS ", "IN ",
        "(SELECT v FROM api_keys)", "(SELECT salary FROM employees)", "(SELECT 1 AS salary) e", "OVER ()", "CASE ", "END ",
        "DELETE FROM orders ", "UPDATE orders SET total=1 ", "INSERT INTO orders(id) VALUES(1) ", "RETURNING * ", "main.", "?1",
        "@a", "1", "'x'", "RECURSIVE ", "LEFT ", "HAVING ", "x", "count(*)", "rowid", "EXPLAIN ", "DISTINCT ", "json_each(", "NOT ",
    ];

    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly HashSet<string> _tables = [];
    private readonly HashSet<(string Table, string Column)> _columns = [];
    private readonly HashSet<int> _actions = [];
    private readonly strdelegate_authorizer _authorizer;
    private readonly SqlSchema _schema;
    private readonly List<string> _corpus;

    public InspectorFuzzTests()
    {
        _corpus = [.. Lines("sql.jsonl")
            .Where(test => test.GetProperty("dialect").GetString() is "any" or "sqlite")
            .Where(test => test.GetProperty("schema").GetString() == "shop")
            .Select(test => test.GetProperty("sql").GetString()!)];
        var shop = JsonDocument.Parse(File.ReadAllText(PathOf("sql-schemas.json"))).RootElement
            .GetProperty("schemas").GetProperty("shop");
        _schema = new SqlSchema(SqlDialect.Sqlite, shop.GetProperty("tables").EnumerateObject().Select(table =>
            new SqlTable("main", table.Name, table.Value.EnumerateArray().Select(column => column.GetString()!))));
        _connection.Open();
        foreach (var statement in shop.GetProperty("setup").GetProperty("sqlite").EnumerateArray())
        {
            using var command = _connection.CreateCommand();
            command.CommandText = statement.GetString();
            command.ExecuteNonQuery();
        }

        _authorizer = (_, action, first, second, _, _) => Note(action, first, second);
        raw.sqlite3_set_authorizer(_connection.Handle, _authorizer, null);
    }

    [Fact]
    public void Sees_whatever_the_engine_sees()
    {
        var texts = Setting("LANGGUARD_FUZZ_TEXTS", 20_000);
        var random = new Random(Setting("LANGGUARD_FUZZ_SEED", 1));
        var compared = 0;
        for (var i = 0; i < texts; i++)
        {
            var sql = i < _corpus.Count ? _corpus[i] : Mutate(random);
            if (SqlInspector.Inspect(sql.AsSpan(), SqlDialect.Sqlite, _schema).Facts is { } facts && Compiles(sql))
            {
                compared++;
                Missed(facts).Should().BeNull(sql);
            }
        }

        compared.Should().BeGreaterThan(texts / 100, "otherwise nothing was compared");
    }

    public void Dispose() => _connection.Dispose();

    private int Note(int action, string? first, string? second)
    {
        _actions.Add(action);
        if (action is raw.SQLITE_READ or raw.SQLITE_INSERT or raw.SQLITE_UPDATE or raw.SQLITE_DELETE && first is not null)
        {
            _tables.Add(first.ToLowerInvariant());
            if (action == raw.SQLITE_READ && !string.IsNullOrEmpty(second))
            {
                _columns.Add((first.ToLowerInvariant(), second.ToLowerInvariant()));
            }
        }

        return raw.SQLITE_OK;
    }

    private bool Compiles(string sql)
    {
        _tables.Clear();
        _columns.Clear();
        _actions.Clear();
        var result = raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement, out var tail);
        using (statement)
        {
            if (result != raw.SQLITE_OK)
            {
                return false;
            }
        }

        while (tail.Length > 0)
        {
            var rest = tail;
            result = raw.sqlite3_prepare_v2(_connection.Handle, rest, out var second, out tail);
            using (second)
            {
                (result == raw.SQLITE_OK && second.IsInvalid).Should().BeTrue($"the engine sees a second statement: {sql}");
            }

            if (rest == tail)
            {
                break;
            }
        }

        return true;
    }

    /// <summary>What the engine uses and the facts do not say, or null.</summary>
    private string? Missed(SqlFacts facts)
    {
        foreach (var table in _tables)
        {
            // WITH names, and tables that a function or the schema itself stands for, are known by other names.
            var isOther = facts.CommonTables.Contains(table) || table.StartsWith("json_", StringComparison.Ordinal)
                || table.StartsWith("sqlite_", StringComparison.Ordinal) || table.StartsWith("pragma_", StringComparison.Ordinal);
            var isBehindView = facts.Tables.Any(use => use.Name is "v_order_totals" or "v_keys");
            if (!isOther && !isBehindView && facts.Tables.All(use => use.Name != table))
            {
                return $"table {table}";
            }
        }

        foreach (var (table, column) in _columns)
        {
            // The engine reports a row id as the key that it is, and reads rows of UPDATE FROM whole.
            if (facts.Kind == SqlStatementKind.Query
                && facts.Tables.FirstOrDefault(use => use.Name == table) is { Table: { IsCatalog: false } known } use
                && !use.UsesSystemColumns && known.IndexOf(column) is var index and >= 0 && use.ColumnUse(index) == SqlUse.None)
            {
                return $"column {table}.{column}";
            }
        }

        return _actions.Contains(raw.SQLITE_INSERT) && (facts.Uses & SqlUse.Insert) == 0 ? "an insert"
            : _actions.Contains(raw.SQLITE_UPDATE) && (facts.Uses & SqlUse.Update) == 0 ? "an update"
            : _actions.Contains(raw.SQLITE_DELETE) && (facts.Uses & SqlUse.Delete) == 0 ? "a delete"
            : _actions.Overlaps([raw.SQLITE_PRAGMA, raw.SQLITE_ATTACH, raw.SQLITE_TRANSACTION, raw.SQLITE_CREATE_TABLE])
                ? "something that is no query" : null;
    }

    private string Mutate(Random random)
    {
        var text = _corpus[random.Next(_corpus.Count)];
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var words = text.Split(' ').ToList();
            var piece = Pieces[random.Next(Pieces.Length)];
            var other = _corpus[random.Next(_corpus.Count)];
            switch (random.Next(5))
            {
                case 0:
                    text = text.Insert(random.Next(text.Length + 1), piece);
                    break;
                case 1 when text.Length > 1:
                    text = text.Remove(random.Next(text.Length - 1), 1);
                    break;
                case 2:
                    text = text[..random.Next(text.Length + 1)] + other[random.Next(other.Length + 1)..];
                    break;
                case 3:
                    words[random.Next(words.Count)] = piece.Trim();
                    text = string.Join(' ', words);
                    break;
                default:
                    words.Insert(random.Next(words.Count + 1), piece.Trim());
                    text = string.Join(' ', words);
                    break;
            }
        }

        return text.Replace("\0", string.Empty, StringComparison.Ordinal);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(PathOf(file)).Select(line => JsonDocument.Parse(line).RootElement);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Corpora", file);
}
