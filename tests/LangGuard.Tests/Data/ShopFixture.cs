using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace LangGuard.Tests.Data;

/// <summary>A real SQLite file, and sessions on it.</summary>
public sealed class ShopFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-sqlite-").FullName;

    public ShopFixture()
    {
        Path = System.IO.Path.Combine(_folder, "shop.db");
        Run("""
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, status TEXT NOT NULL, total REAL NOT NULL);
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
            CREATE TABLE secrets (id INTEGER PRIMARY KEY, v TEXT NOT NULL);
            CREATE VIEW order_names AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id;
            INSERT INTO customers VALUES (1, 'Ada', 'ada@example.org'), (2, 'Linus', 'linus@example.org');
            INSERT INTO orders VALUES (1, 1, 'open', 10.5), (2, 1, 'shipped', 20), (3, 2, 'open', 30);
            INSERT INTO secrets VALUES (1, 'CANARY');
            """);
    }

    public string Path { get; }

    internal GuardSession Session(Action<DatabaseBuilder> configure, Action<PolicyBuilder>? more = null) =>
        Operations.SessionOf(policy =>
        {
            policy.LimitPermissions(allow => allow.Database("shop", db =>
            {
                db.UseSqlite(Path);
                configure(db);
            }));
            more?.Invoke(policy);
        });

    internal void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    internal object? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
