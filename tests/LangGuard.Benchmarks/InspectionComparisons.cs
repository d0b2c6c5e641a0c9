using LangGuard.Data;

namespace LangGuard.Benchmarks;

/// <summary>Reading a statement for the first time, again, and a long one beside short ones.</summary>
internal static class InspectionComparisons
{
    private const string Point = "SELECT id, total FROM orders WHERE id = 4711";
    private const string Report =
        "WITH paid AS (SELECT customer_id, SUM(total) AS t, COUNT(*) AS n FROM orders WHERE status = 'paid' GROUP BY 1) "
        + "SELECT c.name, p.t, RANK() OVER (PARTITION BY c.country ORDER BY p.t DESC) AS place "
        + "FROM paid p JOIN customers c ON c.id = p.customer_id WHERE c.country IN ('DE', 'GB') ORDER BY p.t DESC , c.name";

    public static IEnumerable<Comparison> All()
    {
        // Those whose texts these are, and whose figures the page has.
        foreach (var dialect in (SqlDialect[])[SqlDialect.Sqlite, SqlDialect.PostgreSql, SqlDialect.MySql, SqlDialect.DuckDb])
        {
            foreach (var (name, text) in new[] { ("44 characters", Point), ("312 characters", Report), ("1,000 characters", Filter(1_000)) })
            {
                yield return Of(dialect, $"{name}, cold", Aim.Cold, () => new Pair(null, Read(dialect, text), () => { }));
            }

            yield return Of(dialect, "1,000 characters, cached", Aim.Cached, () => new Pair(null, ReadAgain(dialect, Filter(1_000)), () => { }));
            yield return Of(dialect, "16,000 characters beside 16 of 1,000", Aim.Linear, () =>
            {
                var (one, all) = (Read(dialect, Filter(1_000)), Read(dialect, Filter(16_000)));
                return new Pair(() =>
                {
                    for (var i = 0; i < 16; i++)
                    {
                        one();
                    }
                }, all, () => { });
            });
        }
    }

    private static Comparison Of(SqlDialect dialect, string name, Aim aim, Func<Pair> open) => new("inspection", $"{dialect}: {name}", aim, open);

    private static Action Read(SqlDialect dialect, string text)
    {
        var schema = Schema(dialect);
        return () => Check(SqlInspector.Inspect(text.AsSpan(), dialect, schema));
    }

    private static Action ReadAgain(SqlDialect dialect, string text)
    {
        var schema = Schema(dialect);
        return () => Check(SqlInspector.Inspect(text, dialect, schema));
    }

    private static void Check(SqlInspection inspection) =>
        _ = inspection.Facts ?? throw new InvalidOperationException($"The statement is refused: {inspection.Refusal}");

    private static SqlSchema Schema(SqlDialect dialect)
    {
        var place = dialect switch { SqlDialect.PostgreSql => "public", SqlDialect.Sqlite or SqlDialect.DuckDb => "main", _ => "shop" };
        return new SqlSchema(dialect,
        [
            new SqlTable(place, "orders", ["id", "customer_id", "status", "total", "created_at", "note"]),
            new SqlTable(place, "customers", ["id", "name", "email", "country"]),
        ]);
    }

    /// <summary>A statement of about that many characters.</summary>
    private static string Filter(int characters) => "SELECT id FROM orders WHERE status IN ("
        + string.Join(", ", Enumerable.Range(0, (characters - 43) / 10).Select(n => $"'text{n % 1_000:D2}'")) + ")";
}
