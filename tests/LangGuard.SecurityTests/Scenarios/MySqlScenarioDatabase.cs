using System.Data.Common;
using System.Globalization;
using LangGuard.MySql;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A database of its own on the MySQL or MariaDB that <c>LANGGUARD_TEST_MYSQL</c> names, and a login for the agent.</summary>
internal sealed class MySqlScenarioDatabase : ScenarioDatabase
{
    private static int _last;
    private readonly string _server;
    private readonly string _owner;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"lg_scene_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    internal MySqlScenarioDatabase()
    {
        _server = Environment.GetEnvironmentVariable("LANGGUARD_TEST_MYSQL") is { Length: > 0 } server
            ? new MySqlConnectionStringBuilder(server) { Pooling = false, AllowUserVariables = true }.ConnectionString
            : throw new InvalidOperationException("LANGGUARD_TEST_MYSQL names no server; ./test.sh starts one.");
        _owner = new MySqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;
        OnServer($"CREATE DATABASE {_name} CHARACTER SET utf8mb4");
    }

    internal string Agent => new MySqlConnectionStringBuilder(_owner) { UserID = _name, Password = "agent", Pooling = true }.ConnectionString;

    internal override long Busy => Convert.ToInt64(
        Run($"SELECT (SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = '{_name}' AND COMMAND <> 'Sleep')"
            + $" + (SELECT count(*) FROM information_schema.INNODB_TRX JOIN information_schema.PROCESSLIST p ON p.ID = trx_mysql_thread_id WHERE p.USER = '{_name}')"),
        CultureInfo.InvariantCulture);

    internal override long Sessions => Convert.ToInt64(
        Run($"SELECT count(*) FROM information_schema.PROCESSLIST WHERE USER = '{_name}'"), CultureInfo.InvariantCulture);

    protected override string Objects => """
        SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
        UNION ALL SELECT CONCAT(TABLE_NAME, ' ', COLUMN_NAME), COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
        UNION ALL SELECT ROUTINE_NAME, ROUTINE_TYPE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
        UNION ALL SELECT TRIGGER_NAME, 'trigger' FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
        UNION ALL SELECT EVENT_NAME, 'event' FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
        UNION ALL SELECT CONCAT(INDEX_NAME, ' ', COLUMN_NAME), 'index' FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()
        ORDER BY 1, 2
        """;

    protected override string Tables => "SELECT CONCAT('`', TABLE_NAME, '`') FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1";

    internal override void Use(DatabaseBuilder database) => database.UseMySql(Agent);

    internal override void Grant(Action<DatabaseBuilder> rights)
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("app", rights)));
        Run(MySqlGrantScript.CreateAsync(_owner, policy, "app", _name).GetAwaiter().GetResult());
        Run($"ALTER USER '{_name}'@'%' IDENTIFIED BY 'agent' ACCOUNT UNLOCK");
    }

    internal override DbConnection Open()
    {
        var connection = new MySqlConnection(_owner);
        connection.Open();
        return connection;
    }

    public override void Dispose() => OnServer($"DROP DATABASE {_name}; DROP USER IF EXISTS '{_name}'@'%'");

    private void OnServer(string sql)
    {
        using var connection = new MySqlConnection(_server);
        connection.Open();
        using var command = new MySqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
