using System.Data.Common;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace LangGuard.Benchmarks;

/// <summary>A database of its own on a server that the environment names, or in a file.</summary>
internal sealed class BenchmarkDatabase(DbConnection plain, Action<DatabaseBuilder> use, Action drop) : IDisposable
{
    private static readonly string Name = $"langguard_benchmark_{Environment.ProcessId}";

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

    public static BenchmarkDatabase? PostgreSql() => Server("LANGGUARD_TEST_POSTGRES") is not { } server ? null : Make(
        () => new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString),
        new NpgsqlConnectionStringBuilder(server) { Database = Name }.ConnectionString,
        place => new NpgsqlConnection(place),
        (database, place) => database.UsePostgreSql(place),
        $"DROP DATABASE {Name} WITH (FORCE)");

    public static BenchmarkDatabase? MySql() => Server("LANGGUARD_TEST_MYSQL") is not { } server ? null : Make(
        () => new MySqlConnection(new MySqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString),
        new MySqlConnectionStringBuilder(server) { Database = Name }.ConnectionString,
        place => new MySqlConnection(place),
        (database, place) => database.UseMySql(place),
        $"DROP DATABASE {Name}");

    public void Dispose()
    {
        plain.Dispose();
        drop();
    }

    private static string? Server(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } server ? server : null;

    private static BenchmarkDatabase Make(
        Func<DbConnection> asOwner, string place, Func<string, DbConnection> connect, Action<DatabaseBuilder, string> use, string drop)
    {
        Run($"CREATE DATABASE {Name}");
        return new BenchmarkDatabase(connect(place), database => use(database, place), () => Run(drop));

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
