using System.Data.Common;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A file of SQLite in the scenario's folder, made by the first statement.</summary>
internal sealed class SqliteScenarioDatabase(string file) : ScenarioDatabase
{
    internal override bool Exists => File.Exists(file);

    internal override long Busy => 0;

    internal override long Sessions => 0;

    protected override string Objects => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1";

    protected override string Tables => "SELECT '\"' || name || '\"' FROM sqlite_master WHERE type = 'table' ORDER BY 1";

    internal override void Use(DatabaseBuilder database) => database.UseSqlite(file);

    internal override DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    public override void Dispose()
    {
        // The folder goes as a whole.
    }
}
