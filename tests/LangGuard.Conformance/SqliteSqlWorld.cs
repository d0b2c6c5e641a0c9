using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Sqlite;
using Microsoft.Data.Sqlite;

namespace LangGuard.Conformance;

/// <summary>A SQLite file in a folder of its own.</summary>
internal sealed class SqliteSqlWorld : SqlWorld
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-sql-").FullName;
    private readonly string _path;

    public SqliteSqlWorld(IReadOnlyList<string> setup)
    {
        _path = Path.Combine(_folder, "world.db");
        using var connection = OpenUnguarded();
        using var transaction = connection.BeginTransaction();
        foreach (var statement in setup)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public override string Fingerprint()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal))
        {
            text.Append(file).Append(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        }

        return text.ToString();
    }

    public override void Use(DatabaseBuilder database) => database.UseSqlite(_path);

    public override DbConnection OpenUnguarded()
    {
        var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        return connection;
    }

    public override void Dispose() => Directory.Delete(_folder, recursive: true);
}
