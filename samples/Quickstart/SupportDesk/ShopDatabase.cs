using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Quickstart.SupportDesk;

/// <summary>A real SQLite database: orders and customers for the agent, employees for nobody.</summary>
internal sealed class ShopDatabase
{
    internal ShopDatabase(string world)
    {
        File = Path.Combine(Directory.CreateDirectory(Path.Combine(world, "data")).FullName, "shop.db");
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL);
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, status TEXT NOT NULL, total REAL NOT NULL);
            CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT NOT NULL, salary TEXT NOT NULL);
            INSERT INTO customers VALUES (1, 'Ada', 'DE'), (2, 'Linus', 'FI'), (3, 'Grace', 'US');
            INSERT INTO orders VALUES (7, 1, 'shipped', 49.90), (8, 2, 'open', 12.50), (9, 3, 'delivered', 99.00), (10, 1, 'open', 5.00);
            INSERT INTO employees VALUES (1, 'Nina', '{DeskFiles.Canary}');
            """;
        command.ExecuteNonQuery();
    }

    internal string File { get; }

    internal string Fingerprint() => Convert.ToHexString(SHA256.HashData(System.IO.File.ReadAllBytes(File)));
}
