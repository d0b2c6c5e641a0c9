using System.Data.Common;
using System.Text;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The database of a scenario: real, its own, and looked at by its owner, past every guard.</summary>
internal abstract class ScenarioDatabase : IDisposable
{
    internal static ScenarioDatabase Create(string engine, string file) => engine switch
    {
        "sqlite" => new SqliteScenarioDatabase(file),
        "postgres" => new PostgreSqlScenarioDatabase(),
        "mysql" => new MySqlScenarioDatabase(),
        _ => throw new ArgumentException($"There is no engine '{engine}'.", nameof(engine)),
    };

    /// <summary>Whether there is anything.</summary>
    internal virtual bool Exists => true;

    /// <summary>How many connections of the agent are at work or hold anything on the server.</summary>
    internal abstract long Busy { get; }

    /// <summary>How many of them stay so. Looked at with pauses: InnoDB shows its transactions anew only when nobody has looked at
    /// them for a tenth of a second.</summary>
    internal long LeftAtWork
    {
        get
        {
            var left = Busy;
            for (var tries = 0; left > 0 && tries < 40; tries++)
            {
                Thread.Sleep(250);
                left = Busy;
            }

            return left;
        }
    }

    /// <summary>How many connections of the agent the server has, idle ones too.</summary>
    internal abstract long Sessions { get; }

    /// <summary>Names the database, and the agent's login, to a policy.</summary>
    internal abstract void Use(DatabaseBuilder database);

    /// <summary>Gives the agent's login what a policy grants, and nothing else.</summary>
    internal virtual void Grant(Action<DatabaseBuilder> rights)
    {
    }

    /// <summary>A connection of the owner.</summary>
    internal abstract DbConnection Open();

    internal object? Run(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>Every object, every right, every row.</summary>
    internal string Dump()
    {
        using var connection = Open();
        var text = new StringBuilder();
        Read(connection, Objects, text);
        var tables = new StringBuilder();
        Read(connection, Tables, tables);
        foreach (var table in tables.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Read(connection, $"SELECT '{table}', t.* FROM {table} AS t ORDER BY 2", text);
        }

        return text.ToString();
    }

    public abstract void Dispose();

    /// <summary>Asks for a line for each object and right.</summary>
    protected abstract string Objects { get; }

    /// <summary>Asks for the names of the tables.</summary>
    protected abstract string Tables { get; }

    private static void Read(DbConnection connection, string sql, StringBuilder text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names from the catalog of the test's own database.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            text.AppendJoin('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)).Append('\n');
        }
    }
}
