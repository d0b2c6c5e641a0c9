using System.Data.Common;
using BenchmarkDotNet.Attributes;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LangGuard.Benchmarks;

/// <summary>Queries through the guard beside the plain provider. PostgreSQL needs <c>LANGGUARD_TEST_POSTGRES</c>.</summary>
[MemoryDiagnoser]
public class DatabaseBenchmarks : IDisposable
{
    private const string Rows = """
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, status TEXT NOT NULL, total INTEGER NOT NULL);
        INSERT INTO orders SELECT n, n % 97, CASE n % 3 WHEN 0 THEN 'open' ELSE 'paid' END, n % 1000 FROM
            (WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT n FROM s) AS numbers;
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-benchmark-").FullName;
    private string? _database;
    private GuardSession? _session;
    private DbConnection? _guarded;
    private DbConnection? _plain;
    private string _text = string.Empty;

    /// <summary>The engine.</summary>
    [Params("sqlite", "postgres")]
    public string Engine { get; set; } = "sqlite";

    /// <summary>A point query, and a report that takes about 2 ms.</summary>
    [Params("point", "report")]
    public string Statement { get; set; } = "point";

    private static string Server => Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES")
        ?? throw new InvalidOperationException("LANGGUARD_TEST_POSTGRES names no server.");

    /// <summary>Makes the database, and opens both connections.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _text = Statement == "point"
            ? "SELECT status, total FROM orders WHERE id = @id"
            : "SELECT customer_id, count(*), sum(total) FROM orders WHERE id <> @id GROUP BY customer_id ORDER BY 3 DESC LIMIT 20";
        Action<DatabaseBuilder> source;
        if (Engine == "sqlite")
        {
            var path = Path.Combine(_folder, "bench.db");
            _plain = new SqliteConnection($"Data Source={path}");
            source = database => database.UseSqlite(path);
        }
        else
        {
            _database = $"langguard_benchmark_{Environment.ProcessId}";
            OnServer($"CREATE DATABASE {_database}");
            var place = new NpgsqlConnectionStringBuilder(Server) { Database = _database }.ConnectionString;
            _plain = new NpgsqlConnection(place);
            source = database => database.UsePostgreSql(place);
        }

        _plain.Open();
        using (var command = _plain.CreateCommand())
        {
            command.CommandText = Rows;
            command.ExecuteNonQuery();
            command.CommandText = "ANALYZE";
            command.ExecuteNonQuery();
        }

        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Database("shop", database =>
            {
                source(database);
                database.Select("orders").Limit(limits =>
                {
                    limits.SessionRows = long.MaxValue;
                    limits.SessionStatements = long.MaxValue;
                    limits.Timeout = TimeSpan.FromMinutes(1);
                });
            }))
            .AnticipateMisuse(misuse => 
            {
                misuse.LimitUsage(usage => usage.Calls(int.MaxValue).Rows(long.MaxValue).BytesIn("1000000 GiB").Time(TimeSpan.FromDays(9)));
                misuse.LimitUsageOfPrincipal(usage => usage.Calls(int.MaxValue).Rows(long.MaxValue).BytesIn("1000000 GiB"));
            }));
        _session = GuardSession.Create(policy, new Principal("benchmark"));
        _guarded = _session.Database("shop").OpenConnection();
    }

    /// <summary>Removes what was made.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _guarded?.Dispose();
        _session?.Dispose();
        _plain?.Dispose();
        NpgsqlConnection.ClearAllPools();
        SqliteConnection.ClearAllPools();
        if (_database is not null)
        {
            OnServer($"DROP DATABASE {_database} WITH (FORCE)");
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The provider alone.</summary>
    [Benchmark(Baseline = true)]
    public int Plain() => Query(_plain!);

    /// <summary>The same through the guard.</summary>
    [Benchmark]
    public int Guarded() => Query(_guarded!);

    private int Query(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _text;
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@id";
        parameter.Value = 4711;
        command.Parameters.Add(parameter);
        using var reader = command.ExecuteReader();
        var rows = 0;
        while (reader.Read())
        {
            rows += reader.GetValue(0) is null ? 0 : 1;
        }

        return rows;
    }

    private static void OnServer(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
