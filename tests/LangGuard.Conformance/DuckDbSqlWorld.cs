using System.Data.Common;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using LangGuard.Permissions;

namespace LangGuard.Conformance;

/// <summary>A DuckDB file in a folder of its own.</summary>
internal sealed class DuckDbSqlWorld : SqlWorld
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-sql-").FullName;
    private readonly string _copies = Directory.CreateTempSubdirectory("langguard-sql-").FullName;
    private readonly string _path;
    private int _copy;

    public DuckDbSqlWorld(IReadOnlyList<string> setup)
    {
        _path = Path.Combine(_folder, "world.duckdb");
        using var connection = Open(_path);
        using var transaction = connection.BeginTransaction();
        foreach (var statement in setup)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>Rows, objects and files. While the guard has the file open, this reads through the same instance of the engine.</summary>
    public override string Fingerprint()
    {
        using var connection = new DuckDBConnection($"Data Source={_path}");
        connection.Open();
        var text = new StringBuilder();
        var tables = new List<string>();
        Read(connection, "SELECT table_name, sql FROM duckdb_tables() ORDER BY 1", text, tables);
        foreach (var table in tables)
        {
            Read(connection, $"SELECT * FROM \"{table}\" ORDER BY ALL", text, []);
        }

        Read(connection, "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY 1", text, []);
        Read(connection, "SELECT function_name, macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY 1", text, []);
        Read(connection, "SELECT sequence_name, last_value FROM duckdb_sequences() ORDER BY 1", text, []);
        Read(connection, "SELECT path FROM duckdb_databases() ORDER BY 1", text, []);
        text.AppendJoin('|', Directory.EnumerateFileSystemEntries(_folder).Where(file => !file.EndsWith(".wal", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        return text.ToString();
    }

    public override void Use(DatabaseBuilder database) => database.UseDuckDb(_path);

    /// <summary>A copy of the file: in one process a file that the guard has open has the guard's settings for everybody.</summary>
    public override DbConnection OpenUnguarded()
    {
        var copy = Path.Combine(_copies, string.Create(CultureInfo.InvariantCulture, $"{_copy++}.duckdb"));
        File.Copy(_path, copy);
        return Open(copy);
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_copies, recursive: true);
    }

    /// <summary>Everything is open but the way to other machines.</summary>
    private static DuckDBConnection Open(string path)
    {
        var connection = new DuckDBConnection($"Data Source={path};autoinstall_known_extensions=false;autoload_known_extensions=false;custom_extension_repository=http://127.0.0.1:9");
        connection.Open();
        return connection;
    }

    private static void Read(DuckDBConnection connection, string sql, StringBuilder text, List<string> first)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            first.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{reader.GetValue(i)}|");
            }
        }
    }
}
