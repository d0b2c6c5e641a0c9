using BenchmarkDotNet.Attributes;
using LangGuard.Data;

namespace LangGuard.Benchmarks;

/// <summary>Reading a statement for the first time, and finding one that was read before.</summary>
[MemoryDiagnoser]
public class SqlInspectionBenchmarks
{
    private readonly SqlSchema _schema = new(
        SqlDialect.PostgreSql,
        [
            new SqlTable("public", "orders", ["id", "customer_id", "status", "total", "created_at", "note"]),
            new SqlTable("public", "customers", ["id", "name", "email", "country"]),
        ]);

    private string _text = string.Empty;

    /// <summary>A point query, a report of about 300 characters, and one of about 1,000.</summary>
    [Params("point", "report", "long")]
    public string Statement { get; set; } = "point";

    /// <summary>Chooses the text.</summary>
    [GlobalSetup]
    public void Setup()
    {
        const string Point = "SELECT id, total FROM orders WHERE id = $1";
        const string Report =
            "WITH paid AS (SELECT customer_id, SUM(total) AS t, COUNT(*) AS n FROM orders WHERE status = 'paid' GROUP BY 1) "
            + "SELECT c.name, p.t, RANK() OVER (PARTITION BY c.country ORDER BY p.t DESC) AS place "
            + "FROM paid p JOIN customers c ON c.id = p.customer_id WHERE c.country IN ('DE', 'GB') ORDER BY p.t DESC LIMIT 20";
        _text = Statement switch
        {
            "point" => Point,
            "report" => Report,
            _ => "SELECT id FROM orders WHERE "
                + string.Join(" OR ", Enumerable.Range(0, 26).Select(n => $"(status = 's{n}' AND total > {n}.5)")),
        };
    }

    /// <summary>The whole reading, without the cache.</summary>
    [Benchmark]
    public bool Cold() => SqlInspector.Inspect(_text.AsSpan(), SqlDialect.PostgreSql, _schema).Facts is not null;

    /// <summary>A text that was read before.</summary>
    [Benchmark]
    public bool Cached() => SqlInspector.Inspect(_text, SqlDialect.PostgreSql, _schema).Facts is not null;
}
