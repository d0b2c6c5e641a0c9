using System.Globalization;
using LangGuard.MySql;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using MySqlConnector;

namespace LangGuard.Tests.Data;

/// <summary>A real MySQL or MariaDB database of its own, and sessions on it. The server is started by <c>test.sh</c>.</summary>
public sealed class MySqlShop : IDisposable
{
    private static int _last;
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"langguard_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    public MySqlShop()
    {
        Server = Environment.GetEnvironmentVariable("LANGGUARD_TEST_MYSQL") is { Length: > 0 } server
            ? server
            : throw new InvalidOperationException(
                "LANGGUARD_TEST_MYSQL names no server. Run ./test.sh, which starts one, or set it to an administrator's "
                + "connection string such as Server=127.0.0.1;User ID=root;Password=...");
        Execute(Server, $"CREATE DATABASE {_name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        Owner = new MySqlConnectionStringBuilder(Server) { Database = _name, Pooling = false, AllowUserVariables = true }.ConnectionString;
        Run("""
            CREATE TABLE customers (id int PRIMARY KEY, name varchar(50) NOT NULL, email varchar(50) NOT NULL UNIQUE);
            CREATE TABLE orders (id int PRIMARY KEY, tenant varchar(20) NOT NULL, status varchar(20) NOT NULL, total decimal(10,2) NOT NULL);
            CREATE TABLE secrets (id int PRIMARY KEY, v varchar(50) NOT NULL);
            CREATE TABLE old_notes (id int PRIMARY KEY, body varchar(50)) ENGINE=MyISAM;
            INSERT INTO customers VALUES (1, 'Ada', 'ada@example.org'), (2, 'Linus', 'linus@example.org');
            INSERT INTO orders VALUES (1, 'blue', 'open', 10.5), (2, 'BLUE', 'shipped', 20), (3, 'red', 'open', 30);
            INSERT INTO secrets VALUES (1, 'CANARY');
            INSERT INTO old_notes VALUES (1, 'x');
            """);
        Run("CREATE FUNCTION wipe() RETURNS int MODIFIES SQL DATA BEGIN DELETE FROM orders; RETURN 1; END");
    }

    /// <summary>The server, as its administrator.</summary>
    public string Server { get; }

    /// <summary>The database, as its owner.</summary>
    public string Owner { get; }

    internal GuardSession Session(Action<DatabaseBuilder> configure, string? login = null, string? tenant = null) =>
        GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("shop", db =>
            {
                db.UseMySql(login ?? Owner);
                configure(db);
            }))),
            new Principal("agent", tenant));

    internal static Policy PolicyOf(Action<DatabaseBuilder> configure) =>
        Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", configure)));

    /// <summary>Makes the least user for a policy by the script, and returns its connection string.</summary>
    internal async Task<string> UserAsync(Action<DatabaseBuilder> configure)
    {
        Run(await MySqlGrantScript.CreateAsync(Owner, PolicyOf(configure), "shop", _name));
        Run($"ALTER USER '{_name}'@'%' IDENTIFIED BY 'agent' ACCOUNT UNLOCK");
        return new MySqlConnectionStringBuilder(Owner) { UserID = _name, Password = "agent" }.ConnectionString;
    }

    internal void Run(string sql) => Execute(Owner, sql);

    internal string Ask(string sql)
    {
        using var connection = new MySqlConnection(Owner);
        connection.Open();
        using var command = new MySqlCommand(sql, connection);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    /// <summary>Tables and the rows of orders.</summary>
    internal string World() =>
        Ask("SELECT group_concat(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
        + Ask("SELECT group_concat(concat_ws('|', id, tenant, status, total) ORDER BY id) FROM orders")
        + Ask("SELECT count(*) FROM old_notes");

    public void Dispose() => Execute(Server, $"DROP DATABASE {_name}; DROP USER IF EXISTS '{_name}'@'%'");

    private static void Execute(string server, string sql)
    {
        using var connection = new MySqlConnection(
            new MySqlConnectionStringBuilder(server) { Pooling = false, AllowUserVariables = true }.ConnectionString);
        connection.Open();
        using var command = new MySqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
