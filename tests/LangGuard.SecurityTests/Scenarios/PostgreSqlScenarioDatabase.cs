using System.Data.Common;
using System.Globalization;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A database of its own on the PostgreSQL that <c>LANGGUARD_TEST_POSTGRES</c> names, and a login for the agent.</summary>
internal sealed class PostgreSqlScenarioDatabase : ScenarioDatabase
{
    private static int _last;
    private readonly string _server;
    private readonly string _owner;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"lg_scenario_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    internal PostgreSqlScenarioDatabase()
    {
        _server = Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES") is { Length: > 0 } server
            ? new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString
            : throw new InvalidOperationException("LANGGUARD_TEST_POSTGRES names no server; ./test.sh starts one.");
        _owner = new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;
        OnServer($"CREATE DATABASE {_name}");
        OnServer($"CREATE ROLE {_name} LOGIN PASSWORD 'agent'");
    }

    internal string Agent => new NpgsqlConnectionStringBuilder(_owner) { Username = _name, Password = "agent", Pooling = true }.ConnectionString;

    internal override long Busy => (long)Run($"""
        SELECT (SELECT count(*) FROM pg_stat_activity WHERE usename = '{_name}' AND state <> 'idle')
            + (SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE usename = '{_name}')
        """)!;

    internal override long Sessions => (long)Run($"SELECT count(*) FROM pg_stat_activity WHERE usename = '{_name}'")!;

    protected override string Objects => $"""
        SELECT part FROM (
            SELECT n.nspname || '.' || c.relname || ' ' || c.relkind::text || c.relpersistence::text || coalesce(c.relacl::text, '')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid >= 16384 AND n.nspname NOT LIKE 'pg_toast%'
            UNION ALL SELECT relname || ' ' || attname || ' ' || atttypid::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE c.oid >= 16384 AND c.relkind = 'r'
            UNION ALL SELECT 'function ' || proname || coalesce(proacl::text, '') FROM pg_proc WHERE oid >= 16384
            UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger
            UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE oid >= 16384
            UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%temp\_%'
            UNION ALL SELECT 'extension ' || extname FROM pg_extension
            UNION ALL SELECT 'large objects ' || count(*)::text FROM pg_largeobject_metadata
            UNION ALL SELECT 'login ' || rolsuper::text || rolcreatedb::text || rolcreaterole::text || rolinherit::text || coalesce(rolconfig::text, '') FROM pg_roles WHERE rolname = '{_name}'
            UNION ALL SELECT 'member ' || count(*)::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = '{_name}') AS parts(part)
        ORDER BY 1
        """;

    protected override string Tables => "SELECT format('%I', relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname = 'public' ORDER BY 1";

    internal override void Use(DatabaseBuilder database) => database.UsePostgreSql(Agent);

    internal override void Grant(Action<DatabaseBuilder> rights)
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("app", rights)));
        Run(PostgreSqlGrantScript.CreateAsync(_owner, policy, "app", _name).GetAwaiter().GetResult());
        Run($"ALTER ROLE {_name} PASSWORD 'agent'");
    }

    internal override DbConnection Open()
    {
        var connection = new NpgsqlConnection(_owner);
        connection.Open();
        return connection;
    }

    public override void Dispose()
    {
        OnServer($"DROP DATABASE {_name} WITH (FORCE)");
        OnServer($"DROP ROLE {_name}");
    }

    private void OnServer(string sql)
    {
        using var connection = new NpgsqlConnection(_server);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
