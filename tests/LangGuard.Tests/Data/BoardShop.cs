using System.Data.Common;
using System.Globalization;
using LangGuard.MySql;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>A board of jobs and its users on each of the three engines.</summary>
internal sealed class BoardShop : IDisposable
{
    private readonly ShopFixture? _file;
    private readonly PostgreSqlShop? _postgres;
    private readonly MySqlShop? _mySql;

    internal BoardShop(string engine)
    {
        _file = engine == "sqlite" ? new ShopFixture() : null;
        _postgres = engine == "postgres" ? new PostgreSqlShop() : null;
        _mySql = engine == "mysql" ? new MySqlShop() : null;
        Raw("""
            CREATE TABLE users (id int PRIMARY KEY, name varchar(50) NOT NULL, password varchar(50) NOT NULL);
            CREATE TABLE jobs (id int PRIMARY KEY, tenant varchar(20) NOT NULL, title varchar(500) NOT NULL);
            INSERT INTO users VALUES (1, 'Ada', 'CANARY'), (2, 'Linus', 'CANARY');
            INSERT INTO jobs VALUES (1, 'blue', 'Cook'), (2, 'red', 'CANARY'), (3, 'blue', 'Gardener');
            """);
    }

    internal static TheoryData<string> Engines { get; } = ["sqlite", "postgres", "mysql"];

    internal GuardSession Session(Action<DatabaseBuilder> configure, Action<PolicyBuilder>? more = null) => GuardSession.Create(
        Policy.Create(policy =>
        {
            policy.LimitPermissions(allow => allow.Database("shop", db =>
            {
                _ = _file is not null ? db.UseSqlite(_file.Path) : _postgres is not null ? db.UsePostgreSql(_postgres.Owner) : db.UseMySql(_mySql!.Owner);
                configure(db);
            }));
            more?.Invoke(policy);
        }),
        new Principal("agent", "blue"));

    /// <summary>Runs a text as the owner, without a guard.</summary>
    internal string Raw(string sql, params (string Name, object Value)[] parameters)
    {
        using DbConnection connection = _file is not null ? new SqliteConnection($"Data Source={_file.Path};Pooling=False")
            : _postgres is not null ? new NpgsqlConnection(_postgres.Owner) : new MySqlConnection(_mySql!.Owner);
        connection.Open();
        return Read(connection, sql, parameters);
    }

    /// <summary>Every row of both tables, or that one is not there.</summary>
    internal string World()
    {
        try
        {
            return Raw("SELECT id, name, password FROM users ORDER BY id") + "/" + Raw("SELECT id, tenant, title FROM jobs ORDER BY id");
        }
        catch (DbException)
        {
            return "a table is gone";
        }
    }

    /// <summary>What a text returns through the guard, or the rule that denies it.</summary>
    internal static string Try(GuardSession session, string sql, params (string Name, object Value)[] parameters)
    {
        try
        {
            using var connection = session.Database("shop").OpenConnection();
            return Read(connection, sql, parameters);
        }
        catch (DbAccessDeniedException denied)
        {
            return "denied: " + denied.Decision.Reason!.Rule;
        }
        catch (DbException error)
        {
            return "error: " + error.Message;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _postgres?.Dispose();
        _mySql?.Dispose();
    }

    private static string Read(DbConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        do
        {
            while (reader.Read())
            {
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
            }
        }
        while (reader.NextResult());

        return string.Join('\n', rows);
    }
}
