using System.Data.Common;
using LangGuard.Data;
using Microsoft.Data.Sqlite;

#pragma warning disable RS0030 // A folder of its own for a test, made and removed without a guard.

namespace LangGuard.Sqlite;

/// <summary>A SQLite file in a temporary folder, with everything that another one holds.</summary>
internal sealed class SqliteCopy : DatabaseCopy
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-database-").FullName;
    private readonly string _file;

    private SqliteCopy()
    {
        _file = Path.Combine(_folder, "copy.db");
        Engine = new SqliteEngine(_file);
    }

    internal override DatabaseEngine Engine { get; }

    internal static SqliteCopy Of(SqliteConnection original)
    {
        var copy = new SqliteCopy();
        try
        {
            using var connection = copy.Open(SqliteOpenMode.ReadWriteCreate);
            original.BackupDatabase(connection);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    internal override DbConnection Connect() => Open(SqliteOpenMode.ReadWrite);

    public override void Dispose()
    {
        Engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _file, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();

        // Nobody needs the copy after a crash.
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF";
        command.ExecuteNonQuery();
        return connection;
    }
}
