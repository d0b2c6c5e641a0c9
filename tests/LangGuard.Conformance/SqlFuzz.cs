using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LangGuard.Data;

namespace LangGuard.Conformance;

/// <summary>Differential fuzzing of the inspector: whatever an engine sees in a text that the inspector accepts must be among
/// the facts that the inspector found.</summary>
public static class SqlFuzz
{
    /// <summary>The command: <c>sql-fuzz CORPUS --schemas FILE [--engines sqlite,postgres] [--seconds N] [--seed N]</c>.</summary>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var seconds = int.Parse(options["--seconds"] ?? "60", CultureInfo.InvariantCulture);
        var seed = int.Parse(options["--seed"] ?? "1", CultureInfo.InvariantCulture);
        var schemas = options["--schemas"] ?? throw new ArgumentException("--schemas names no file.", nameof(arguments));
        var failures = 0;
        foreach (var engine in (options["--engines"] ?? "sqlite,postgres").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var time = Stopwatch.StartNew();
            var result = Run(engine, options.Files[0], schemas, seed, () => time.Elapsed.TotalSeconds < seconds);
            foreach (var (text, missed) in result.Missed)
            {
                output.WriteLine($"FAIL {engine} missed {missed}: {text.ReplaceLineEndings("\\n")}");
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"sql-fuzz {engine}: {result.Texts} texts, {result.Accepted} accepted, {result.Compared} compared, {result.Missed.Count} missed ({result.Oracle}, seed {seed})"));
            failures += result.Missed.Count;
        }

        return failures == 0 ? 0 : 1;
    }

    /// <summary>Runs for as long as the caller says.</summary>
    public static SqlFuzzResult Run(string engine, string corpus, string schemas, int seed, Func<bool> goesOn)
    {
        ArgumentNullException.ThrowIfNull(goesOn);
        using var document = JsonDocument.Parse(File.ReadAllText(schemas));
        var shop = document.RootElement.GetProperty("schemas").GetProperty("shop");
        var setup = engine == "tsql" ? [] : shop.GetProperty("setup").GetProperty(engine)
            .EnumerateArray().Select(statement => statement.GetString()!).ToList();
        using SqlOracle oracle = engine == "sqlite" ? new SqliteOracle(setup)
            : engine == "tsql" ? new ScriptDomOracle(new SqlSchema(
                SqlDialect.TSql,
                shop.GetProperty("tables").EnumerateObject().Select(table => new SqlTable(
                    "dbo", table.Name, table.Value.EnumerateArray().Select(column => column.GetString()!)))))
            : engine == "duckdb" ? new DuckDbOracle(setup)
            : engine == "mysql" ? new MySqlOracle(
                Environment.GetEnvironmentVariable("LANGGUARD_TEST_MYSQL")
                    ?? throw new InvalidOperationException("LANGGUARD_TEST_MYSQL names no server."),
                setup)
            : new PostgreSqlOracle(
                Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES")
                    ?? throw new InvalidOperationException("LANGGUARD_TEST_POSTGRES names no server."),
                setup);
        var dialect = engine switch { "sqlite" => SqlDialect.Sqlite, "mysql" => SqlDialect.MySql, "tsql" => SqlDialect.TSql, "duckdb" => SqlDialect.DuckDb, _ => SqlDialect.PostgreSql };
        var texts = new SqlFuzzTexts(corpus, engine, seed);
        var result = new SqlFuzzResult(oracle switch
        {
            PostgreSqlOracle { HasParser: true } => "server and libpg_query",
            PostgreSqlOracle => "server; libpg_query is not installed",
            MySqlOracle => "rights of columns on the server",
            ScriptDomOracle => "ScriptDom",
            DuckDbOracle => "parser and plan of the engine",
            _ => "sqlite3_prepare and authorizer",
        });
        while (goesOn() && result.Missed.Count < 50)
        {
            var sql = result.Texts < texts.Corpus.Count ? texts.Corpus[result.Texts] : texts.Next();
            result.Texts++;
            if (SqlInspector.Inspect(sql.AsSpan(), dialect, oracle.Schema).Facts is not { } facts)
            {
                continue;
            }

            result.Accepted++;
            var missed = oracle.Missed(sql, facts, out var isComparable);
            result.Compared += isComparable ? 1 : 0;
            if (missed is not null)
            {
                result.Missed.Add((sql, missed));
            }
        }

        return result;
    }
}
