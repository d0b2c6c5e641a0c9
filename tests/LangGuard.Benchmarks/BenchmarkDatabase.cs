using System.Data.Common;
using DuckDB.NET.Data;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace LangGuard.Benchmarks;

/// <summary>A database of its own on a server that the environment names, or in a file.</summary>
internal sealed class BenchmarkDatabase(DbConnection plain, Action<DatabaseBuilder> use, Action drop) : IDisposable
{
    private static int _last;

    public DbConnection Plain => plain;

    public Action<DatabaseBuilder> Use => use;

    public static BenchmarkDatabase Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var path = Path.Combine(folder, "bench.db");
        return new BenchmarkDatabase(new SqliteConnection($"Data Source={path}"), database => database.UseSqlite(path), () =>
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        });
    }

    /// <summary>The engine opens a file with one set of settings in one process: the guard gets a copy.</summary>
    public static BenchmarkDatabase DuckDb()
    {
        var folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var path = Path.Combine(folder, "bench.duckdb");
        var copy = Path.Combine(folder, "copy.duckdb");
        var plain = new DuckDBConnection($"Data Source={path};threads=2");
        return new BenchmarkDatabase(
            plain,
            database =>
            {
                using var command = plain.CreateCommand();
                command.CommandText = "CHECKPOINT";
                command.ExecuteNonQuery();
                File.Copy(path, copy);
                database.UseDuckDb(copy);
            },
            () => Directory.Delete(folder, recursive: true));
    }

    public static BenchmarkDatabase? PostgreSql() => Server("LANGGUARD_TEST_POSTGRES") is not { } server ? null : Make(
        () => new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString),
        name => new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString,
        place => new NpgsqlConnection(place),
        (database, place) => database.UsePostgreSql(place),
        name => $"DROP DATABASE {name} WITH (FORCE)");

    public static BenchmarkDatabase? MySql() => Server("LANGGUARD_TEST_MYSQL") is not { } server ? null : Make(
        () => new MySqlConnection(new MySqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString),
        name => new MySqlConnectionStringBuilder(server) { Database = name }.ConnectionString,
        place => new MySqlConnection(place),
        (database, place) => database.UseMySql(place),
        name => $"DROP DATABASE {name}");

    public void Dispose()
    {
        plain.Dispose();
        drop();
    }

    private static string? Server(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } server ? server : null;

    /// <summary>Each has a name of its own, because pools keep connections to those that were dropped.</summary>
    private static BenchmarkDatabase Make(
        Func<DbConnection> asOwner, Func<string, string> placeOf, Func<string, DbConnection> connect, Action<DatabaseBuilder, string> use,
        Func<string, string> drop)
    {
        var name = $"langguard_benchmark_{Environment.ProcessId}_{++_last}";
        var place = placeOf(name);
        Run($"CREATE DATABASE {name}");
        return new BenchmarkDatabase(connect(place), database => use(database, place), () => Run(drop(name)));

        void Run(string sql)
        {
            using var connection = asOwner();
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
