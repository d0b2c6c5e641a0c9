using System.Data.Common;
using System.Globalization;
using System.Text;
using LangGuard.MySql;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.Conformance;

/// <summary>A database of its own on MySQL or MariaDB, and a login made by the GRANT script for the policy of a case.</summary>
internal sealed class MySqlSqlWorld : SqlWorld
{
    private static int _last;
    private readonly string _server;
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"lg_sql_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    public MySqlSqlWorld(string server, IReadOnlyList<string> setup, SqlCase test)
    {
        _server = server;
        Execute(server, $"DROP DATABASE IF EXISTS {_name}; CREATE DATABASE {_name} CHARACTER SET utf8mb4");
        Owner = new MySqlConnectionStringBuilder(server) { Database = _name, Pooling = false, AllowUserVariables = true, ConnectionTimeout = 60 }.ConnectionString;
        foreach (var statement in setup)
        {
            Execute(Owner, statement);
        }

        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("db", test.Apply)));
        Execute(Owner, MySqlGrantScript.CreateAsync(Owner, policy, "db", _name).GetAwaiter().GetResult());
        Execute(Owner, $"ALTER USER '{_name}'@'%' IDENTIFIED BY 'agent' ACCOUNT UNLOCK");
        Agent = new MySqlConnectionStringBuilder(Owner) { UserID = _name, Password = "agent" }.ConnectionString;
    }

    private string Owner { get; }

    private string Agent { get; }

    public override string Fingerprint()
    {
        using var connection = (MySqlConnection)OpenUnguarded();
        var text = new StringBuilder();
        var tables = new List<string>();
        Read(connection, "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1", text, tables);
        foreach (var table in tables)
        {
            Read(connection, $"SELECT * FROM `{table}` ORDER BY 1", text, []);
        }

        Read(connection, "SELECT ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1", text, []);

        // The server shows them, and the columns of each, in an order that changes when others get or lose theirs.
        var grants = new List<string>();
        Read(connection, $"SHOW GRANTS FOR '{_name}'@'%'", new StringBuilder(), grants);
        return text.AppendJoin('|', grants.Select(Ordered).Order(StringComparer.Ordinal)).ToString();
    }

    /// <summary>A right with its columns in order: <c>GRANT SELECT (`b`, `a`)</c></summary>
    private static string Ordered(string grant) => string.Join(')', grant.Split(')').Select(part =>
        part.Split('(') is [var before, var columns]
            ? $"{before}({string.Join(',', columns.Split(", ").Order(StringComparer.Ordinal))}"
            : part));

    protected override string Shared()
    {
        using var connection = (MySqlConnection)OpenUnguarded();
        var text = new StringBuilder();
        Read(connection, "SELECT @@GLOBAL.general_log, @@GLOBAL.read_only, @@GLOBAL.sql_mode", text, []);
        return text.ToString();
    }

    public override void Use(DatabaseBuilder database) => database.UseMySql(Agent);

    public override DbConnection OpenUnguarded()
    {
        var connection = new MySqlConnection(Owner);
        connection.Open();
        return connection;
    }

    public override void Dispose()
    {
        // What an attack left running keeps its tables.
        var sessions = new List<string>();
        using (var connection = new MySqlConnection(new MySqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString))
        {
            connection.Open();
            Read(connection, $"SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{_name}'", new StringBuilder(), sessions);
        }

        foreach (var session in sessions)
        {
            try
            {
                Execute(_server, $"KILL {session}");
            }
            catch (MySqlException ended) when (ended.ErrorCode == MySqlErrorCode.NoSuchThread)
            {
            }
        }

        Execute(_server, $"DROP DATABASE {_name}; DROP USER '{_name}'@'%'; SET GLOBAL general_log = 0");
    }

    private static void Read(MySqlConnection connection, string sql, StringBuilder text, List<string> first)
    {
        using var command = new MySqlCommand(sql, connection);
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

    private static void Execute(string server, string sql)
    {
        using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        command.ExecuteNonQuery();
    }
}
