using System.Globalization;
using DuckDB.NET.Data;
using LangGuard.DuckDb;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>A real DuckDB file in a folder of its own, and sessions on it.</summary>
public sealed class DuckDbFile : IDisposable
{
    private static readonly string[] Setup =
    [
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, email VARCHAR NOT NULL UNIQUE)",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant VARCHAR NOT NULL, status VARCHAR NOT NULL, total DECIMAL(10,2) NOT NULL CHECK (total >= 0))",
        "CREATE TABLE secrets (id INTEGER PRIMARY KEY, v VARCHAR NOT NULL)",
        "CREATE VIEW open_orders AS SELECT id, total FROM orders WHERE status = 'open'",
        "CREATE SEQUENCE seq",
        "CREATE MACRO take(i) AS (SELECT max(v) FROM secrets WHERE id >= i)",
        "CREATE MACRO taken() AS TABLE FROM secrets",
        "INSERT INTO customers VALUES (1, 'Ada', 'ada@example.org'), (2, 'Linus', 'linus@example.org')",
        "INSERT INTO orders VALUES (1, 'blue', 'open', 10.5), (2, 'BLUE', 'shipped', 20), (3, 'red', 'open', 30)",
        "INSERT INTO secrets VALUES (1, 'CANARY')",
    ];

    private int _copies;

    public DuckDbFile()
    {
        Folder = Directory.CreateTempSubdirectory("langguard-duckdb-").FullName;
        Path = System.IO.Path.Combine(Folder, "shop.duckdb");
        Execute(Path, Setup);
        System.IO.File.WriteAllText(System.IO.Path.Combine(Folder, "secret.csv"), "v\nCANARY\n");
    }

    public string Folder { get; }

    public string Path { get; }

    /// <summary>A file that an agent may neither read nor write.</summary>
    public string Outside(string name) => System.IO.Path.Combine(Folder, name);

    internal GuardSession Session(Action<DatabaseBuilder> configure, string? tenant = null, Action<PolicyBuilder>? more = null) =>
        GuardSession.Create(
            Policy.Create(policy =>
            {
                policy.LimitPermissions(allow => allow.Database("shop", db =>
                {
                    db.UseDuckDb(Path);
                    configure(db);
                }));
                more?.Invoke(policy);
            }),
            new Principal("agent", tenant));

    internal static Policy PolicyOf(Action<DatabaseBuilder> configure) =>
        Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", configure)));

    /// <summary>A copy of the file, on which nobody guards: the engine lets one process open a file with one set of settings.</summary>
    internal string Copy()
    {
        var copy = Outside(string.Create(CultureInfo.InvariantCulture, $"copy{Interlocked.Increment(ref _copies)}.duckdb"));
        System.IO.File.Copy(Path, copy);
        if (System.IO.File.Exists($"{Path}.wal"))
        {
            System.IO.File.Copy($"{Path}.wal", $"{copy}.wal");
        }

        return copy;
    }

    /// <summary>Changes the file itself. Nobody may have it open.</summary>
    internal void Run(params string[] statements) => Execute(Path, statements);

    /// <summary>What a text says on a copy of the file.</summary>
    internal string Ask(string sql) => Ask(Copy(), sql);

    /// <summary>Objects and rows, of the file as it is on disk.</summary>
    internal string World() => World(Copy());

    internal static string World(string path) => Ask(path, """
        SELECT concat_ws('/',
            (SELECT string_agg(table_name || sql, ';' ORDER BY table_name) FROM duckdb_tables()),
            (SELECT string_agg(view_name || sql, ';' ORDER BY view_name) FROM duckdb_views() WHERE NOT internal),
            (SELECT string_agg(function_name || macro_definition, ';' ORDER BY function_name) FROM duckdb_functions() WHERE NOT internal),
            (SELECT string_agg(sequence_name || coalesce(last_value, 0), ';' ORDER BY sequence_name) FROM duckdb_sequences()),
            (SELECT string_agg(o::VARCHAR, ';' ORDER BY id) FROM orders o),
            (SELECT string_agg(c::VARCHAR, ';' ORDER BY id) FROM customers c),
            (SELECT string_agg(s::VARCHAR, ';' ORDER BY id) FROM secrets s))
        """);

    internal static string Ask(string path, string sql)
    {
        using var connection = new DuckDBConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    internal static void Execute(string path, params string[] statements)
    {
        using var connection = new DuckDBConnection($"Data Source={path}");
        connection.Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
