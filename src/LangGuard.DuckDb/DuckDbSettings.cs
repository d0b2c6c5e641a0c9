using System.Globalization;
using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>What an instance of the engine may do, said before it opens the file and locked from then on: no statement can undo it.</summary>
internal sealed class DuckDbSettings
{
    private const string Verification = """
        SELECT current_setting('enable_external_access'), current_setting('autoload_known_extensions'),
            current_setting('autoinstall_known_extensions'), current_setting('allow_community_extensions'),
            current_setting('allow_unsigned_extensions'), current_setting('allow_persistent_secrets'),
            NOT current_setting('lock_configuration'),
            len(list_filter(list_concat(current_setting('allowed_directories'), current_setting('allowed_paths')),
                lambda place: NOT starts_with(place, $path))) > 0,
            current_setting('access_mode')
        """;

    private const string Databases = "SELECT path FROM duckdb_databases() WHERE NOT internal";

    private readonly string _path;
    private readonly bool _writes;
    private readonly bool _isLocked;

    /// <param name="path">The file.</param>
    /// <param name="writes">Whether rows may be changed.</param>
    /// <param name="isLocked">False only where a test leaves this wall out.</param>
    /// <param name="megabytes">Memory of all statements together.</param>
    /// <param name="threads">Threads of all statements together.</param>
    internal DuckDbSettings(string path, bool writes, bool isLocked, int megabytes, int threads)
    {
        _path = path;
        _writes = writes;
        _isLocked = isLocked;
        ConnectionString = Text(path, writes, isLocked, megabytes, threads);
    }

    internal string ConnectionString { get; }

    /// <summary>An engine in memory that holds nothing.</summary>
    internal static string Nothing => Text(":memory:", writes: true, isLocked: true, megabytes: 128, threads: 1);

    /// <summary>Makes sure that a connection leads to an instance with these settings and to this file. The driver gives all
    /// connections of a process one instance for one name of a file, with the settings of whoever came first, and takes names that
    /// differ in case for one.</summary>
    /// <exception cref="GuardedDatabaseException">It does not.</exception>
    internal void Verify(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Verification;
        command.Parameters.Add(new DuckDBParameter("path", _path));
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            for (var i = 0; i < 8; i++)
            {
                if (_isLocked && reader.GetBoolean(i))
                {
                    throw Foreign();
                }
            }

            if (!_writes && !string.Equals(reader.GetString(8), "read_only", StringComparison.OrdinalIgnoreCase))
            {
                throw Foreign();
            }
        }

        command.Parameters.Clear();
        command.CommandText = Databases;
        using var databases = command.ExecuteReader();
        if (!databases.Read() || !string.Equals(databases.GetString(0), _path, StringComparison.Ordinal) || databases.Read())
        {
            throw Foreign();
        }
    }

    private static GuardedDatabaseException Foreign() =>
        new("The database is open in this process with settings that are not the guard's. Close it there.");

    private static string Text(string path, bool writes, bool isLocked, int megabytes, int threads)
    {
        var settings = new DuckDBConnectionStringBuilder { DataSource = path };
        settings["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{megabytes}MiB");
        settings["threads"] = threads.ToString(CultureInfo.InvariantCulture);

        // What does not fit into memory is not written beside the database, but ends the statement.
        settings["max_temp_directory_size"] = "0B";
        if (!writes)
        {
            settings["access_mode"] = "READ_ONLY";
        }

        if (isLocked)
        {
            settings["enable_external_access"] = "false";
            settings["autoload_known_extensions"] = "false";
            settings["autoinstall_known_extensions"] = "false";
            settings["allow_community_extensions"] = "false";
            settings["allow_unsigned_extensions"] = "false";
            settings["allow_persistent_secrets"] = "false";
            settings["lock_configuration"] = "true";
        }

        return settings.ConnectionString;
    }
}
