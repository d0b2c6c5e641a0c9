using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using LangGuard;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;

/// <summary>How much memory one statement takes of the process that runs it.</summary>
internal static class ValueChecks
{
    public static int Run(string engine, string file, bool isGuarded, string sql)
    {
        // What opening and reading take at all is not counted.
        Read(engine, file, isGuarded, "SELECT 1");
        var before = PeakMegabytes();
        var outcome = Read(engine, file, isGuarded, sql);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome} {PeakMegabytes() - before}"));
        return 0;
    }

    private static string Read(string engine, string file, bool isGuarded, string sql)
    {
        try
        {
            using var session = GuardSession.Create(PolicyFor(engine, file), new Principal("values"));
            using var connection = isGuarded ? session.Database("shop").OpenConnection() : Unguarded(engine, file);
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
            }

            return "ran";
        }
        catch (Exception exception) when (exception is IAccessDenied denied)
        {
            return denied.Decision.Reason?.Rule ?? "denied";
        }
        catch (DbException)
        {
            return "failed";
        }
    }

    private static Policy PolicyFor(string engine, string file) => Policy.Create(guard => guard.LimitPermissions(allow => allow
        .Database("shop", db => (engine == "duckdb" ? db.UseDuckDb(file) : db.UseSqlite(file)).Select("orders"))));

    private static DbConnection Unguarded(string engine, string file)
    {
        DbConnection connection = engine == "duckdb"
            ? new DuckDBConnection($"Data Source={file};access_mode=READ_ONLY;memory_limit=256MiB;threads=1")
            : new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        connection.Open();
        return connection;
    }

    /// <summary>The most memory that the process has had at a time.</summary>
    private static long PeakMegabytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan()[6..^2].Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
