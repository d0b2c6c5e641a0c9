using System.Globalization;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>A real PostgreSQL database of its own, and sessions on it. The server is started by <c>test.sh</c>.</summary>
public sealed class PostgreSqlShop : IDisposable
{
    private static int _last;
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"langguard_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    public PostgreSqlShop()
    {
        Server = Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES") is { Length: > 0 } server
            ? server
            : throw new InvalidOperationException(
                "LANGGUARD_TEST_POSTGRES names no server. Run ./test.sh, which starts one, or set it to a superuser's "
                + "connection string such as Host=127.0.0.1;Username=postgres;Password=...");
        Execute(Server, $"CREATE DATABASE {_name}");
        Owner = new NpgsqlConnectionStringBuilder(Server) { Database = _name, Pooling = false }.ConnectionString;
        Run("""
            CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE);
            CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, status text NOT NULL,
                total numeric NOT NULL CONSTRAINT total_not_negative CHECK (total >= 0));
            CREATE TABLE secrets (id int PRIMARY KEY, v text NOT NULL);
            CREATE FUNCTION peek() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT v FROM secrets LIMIT 1';
            INSERT INTO customers VALUES (1, 'Ada', 'ada@example.org'), (2, 'Linus', 'linus@example.org');
            INSERT INTO orders VALUES (1, 1, 'open', 10.5), (2, 1, 'shipped', 20), (3, 2, 'open', 30);
            INSERT INTO secrets VALUES (1, 'CANARY');
            """);
    }

    /// <summary>The server, as its superuser.</summary>
    public string Server { get; }

    /// <summary>The database, as its owner.</summary>
    public string Owner { get; }

    internal GuardSession Session(
        Action<DatabaseBuilder> configure, string? login = null, Action<PolicyBuilder>? more = null) =>
        Operations.SessionOf(policy =>
        {
            policy.LimitPermissions(allow => allow.Database("shop", db =>
            {
                db.UsePostgreSql(login ?? Owner);
                configure(db);
            }));
            more?.Invoke(policy);
        });

    internal static Policy PolicyOf(Action<DatabaseBuilder> configure) =>
        Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", configure)));

    /// <summary>Makes the least role for a policy by the script, and returns its connection string.</summary>
    internal async Task<string> RoleAsync(Action<DatabaseBuilder> configure)
    {
        var script = await LangGuard.PostgreSql.PostgreSqlGrantScript.CreateAsync(Owner, PolicyOf(configure), "shop", _name + "_agent");
        Run(script);
        Run($"ALTER ROLE {_name}_agent PASSWORD 'agent'");
        return new NpgsqlConnectionStringBuilder(Owner) { Username = _name + "_agent", Password = "agent" }.ConnectionString;
    }

    internal void Run(string sql) => Execute(Owner, sql);

    internal object? Ask(string sql)
    {
        using var connection = new NpgsqlConnection(Owner);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Other server sessions of this database, and the locks that they hold.</summary>
    internal long Leftovers() => (long)Ask("""
        SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND state <> 'idle')
        + (SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE a.datname = current_database() AND a.pid <> pg_backend_pid())
        """)!;

    public void Dispose()
    {
        Execute(Server, $"DROP DATABASE {_name} WITH (FORCE)");
        Execute(Server, $"DROP ROLE IF EXISTS {_name}_agent");
    }

    private static void Execute(string server, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
