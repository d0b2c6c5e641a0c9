#pragma warning disable RS0030 // Looks only at files that the host named; nothing of an agent's leads here.
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>Files of the host's own.</summary>
internal static class SqliteFiles
{
    /// <summary>Whether this process may write the file. The engine is asked: to open the file otherwise, and to close it, would
    /// drop the locks that the engine has on it.</summary>
    internal static bool CanWrite(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            return raw.sqlite3_db_readonly(connection.Handle, "main") == 0;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
