using System.Data.Common;
using System.Globalization;
using System.Text;
using LangGuard.Permissions;
using LangGuard.SqlServer;
using Microsoft.Data.SqlClient;

namespace LangGuard.Conformance;

/// <summary>A database of its own on SQL Server, and a login whose only role is made by the GRANT script for the policy of a case.</summary>
internal sealed class SqlServerSqlWorld : SqlWorld
{
    private const string Password = "Agent-of-1-case!";
    private static int _last;
    private readonly string _server;
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"lg_sql_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    public SqlServerSqlWorld(string server, IReadOnlyList<string> setup, SqlCase test)
    {
        _server = new SqlConnectionStringBuilder(server) { Pooling = false, InitialCatalog = "master" }.ConnectionString;
        Execute(_server, $"CREATE DATABASE [{_name}]");
        Execute(_server, $"ALTER DATABASE [{_name}] SET ALLOW_SNAPSHOT_ISOLATION ON");
        Execute(_server, $"CREATE LOGIN [{_name}] WITH PASSWORD = '{Password}', CHECK_POLICY = OFF");
        Owner = new SqlConnectionStringBuilder(_server) { InitialCatalog = _name }.ConnectionString;
        foreach (var statement in setup)
        {
            Execute(Owner, statement);
        }

        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("db", test.Apply)));
        Execute(Owner, SqlServerGrantScript.CreateAsync(Owner, policy, "db", "agent").GetAwaiter().GetResult());
        Execute(Owner, $"CREATE USER [{_name}] FOR LOGIN [{_name}]; ALTER ROLE [agent] ADD MEMBER [{_name}]");
        Agent = new SqlConnectionStringBuilder(Owner) { UserID = _name, Password = Password, IntegratedSecurity = false }.ConnectionString;
    }

    private string Owner { get; }

    private string Agent { get; }

    public override string Fingerprint()
    {
        using var connection = (SqlConnection)OpenUnguarded();
        var text = new StringBuilder();
        var tables = new List<string>();
        Read(connection, "SELECT name FROM sys.tables ORDER BY name", text, tables);
        foreach (var table in tables)
        {
            Read(connection, $"SELECT * FROM [{table}] ORDER BY 1", text, []);
        }

        Read(connection, "SELECT name, type FROM sys.objects WHERE is_ms_shipped = 0 ORDER BY 1", text, []);
        Read(connection, "SELECT class, major_id, minor_id, grantee_principal_id, type, state FROM sys.database_permissions WHERE major_id >= 0 ORDER BY 1, 2, 3, 4, 5", text, []);
        Read(connection, "SELECT name, CAST(value_in_use AS int) FROM sys.configurations ORDER BY name", text, []);
        return text.ToString();
    }

    public override void Use(DatabaseBuilder database) => database.UseSqlServer(Agent);

    public override DbConnection OpenUnguarded()
    {
        var connection = new SqlConnection(Owner);
        connection.Open();
        return connection;
    }

    public override void Dispose()
    {
        SqlConnection.ClearAllPools();
        Execute(_server, $"ALTER DATABASE [{_name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{_name}]; DROP LOGIN [{_name}]");
    }

    private static void Read(SqlConnection connection, string sql, StringBuilder text, List<string> first)
    {
        using var command = new SqlCommand(sql, connection);
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
        using var connection = new SqlConnection(server);
        connection.Open();
        using var command = new SqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
