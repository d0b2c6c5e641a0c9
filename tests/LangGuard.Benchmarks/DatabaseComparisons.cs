using System.Data.Common;
using System.Globalization;

namespace LangGuard.Benchmarks;

/// <summary>Queries through the guard beside the plain provider, on 20,000 rows: by key, and a report that takes some milliseconds.</summary>
internal static class DatabaseComparisons
{
    private const string Point = "SELECT status, total FROM orders WHERE id = @id";
    private const string Report =
        "SELECT customer_id, count(*), sum(total) FROM orders WHERE id <> @id GROUP BY customer_id ORDER BY 3 DESC LIMIT 20";

    public static IEnumerable<Comparison> All() =>
    [
        new("database", "SQLite, by key", Aim.SqlitePoint, () => Open(BenchmarkDatabase.Sqlite(), Point)),
        new("database", "SQLite, report", new Aim(Ratio: 1.03), () => Open(BenchmarkDatabase.Sqlite(), Report)),
        new("database", "PostgreSQL, by key", Aim.PostgresPoint, () => Open(BenchmarkDatabase.PostgreSql(), Point)),
        new("database", "PostgreSQL, report", Aim.PostgresReport, () => Open(BenchmarkDatabase.PostgreSql(), Report)),
        new("database", "MariaDB or MySQL, by key", null, () => Open(BenchmarkDatabase.MySql(), Point)),
        new("database", "MariaDB or MySQL, report", null, () => Open(BenchmarkDatabase.MySql(), Report)),
        new("database", "DuckDB, by key", null, () => Open(BenchmarkDatabase.DuckDb(), OfDuckDb(Point))),
        new("database", "DuckDB, report", null, () => Open(BenchmarkDatabase.DuckDb(), OfDuckDb(Report))),
    ];

    private static string OfDuckDb(string text) => text.Replace("@id", "$id", StringComparison.Ordinal);

    private static Pair? Open(BenchmarkDatabase? database, string text)
    {
        if (database is null)
        {
            return null;
        }

        database.Plain.Open();
        Fill(database.Plain);
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Database("shop", shop =>
            {
                database.Use(shop);
                shop.Select("orders").Limit(limits =>
                {
                    limits.SessionRows = limits.SessionStatements = long.MaxValue;
                    limits.Timeout = TimeSpan.FromMinutes(1);
                });
            }))
            .AnticipateMisuse(misuse => misuse
                .LimitUsage(usage => usage.Calls(int.MaxValue).Rows(long.MaxValue).BytesIn("1000000 GiB").Time(TimeSpan.FromDays(9)))
                .LimitUsageOfPrincipal(usage => usage.Calls(int.MaxValue).Rows(long.MaxValue).BytesIn("1000000 GiB"))));
        var session = GuardSession.Create(policy, new Principal("benchmark"));
        var guarded = session.Database("shop").OpenConnection();
        return new Pair(() => Query(database.Plain, text), () => Query(guarded, text), () =>
        {
            guarded.Dispose();
            session.Dispose();
            database.Dispose();
        });
    }

    private static void Fill(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, status VARCHAR(8) NOT NULL, total INTEGER NOT NULL)";
        command.ExecuteNonQuery();
        foreach (var rows in Enumerable.Range(1, 20_000).Chunk(1_000))
        {
            command.CommandText = "INSERT INTO orders VALUES " + string.Join(", ", rows.Select(n =>
                string.Create(CultureInfo.InvariantCulture, $"({n}, {n % 97}, '{(n % 3 == 0 ? "open" : "paid")}', {n % 1000})")));
            command.ExecuteNonQuery();
        }
    }

    private static void Query(DbConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        var parameter = command.CreateParameter();
        parameter.ParameterName = text.Contains("$id", StringComparison.Ordinal) ? "id" : "@id";
        parameter.Value = 4711;
        command.Parameters.Add(parameter);
        using var reader = command.ExecuteReader();
        var rows = 0;
        while (reader.Read())
        {
            rows += reader.GetValue(0) is null ? 0 : 1;
        }

        if (rows == 0)
        {
            throw new InvalidOperationException("The query has no row.");
        }
    }
}
