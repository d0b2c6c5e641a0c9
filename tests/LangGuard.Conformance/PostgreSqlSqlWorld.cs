using System.Data.Common;
using System.Globalization;
using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard.Conformance;

/// <summary>A PostgreSQL database of its own, and a login made by the GRANT script for the policy of a case.</summary>
internal sealed class PostgreSqlSqlWorld : SqlWorld
{
    private static int _last;
    private readonly string _server;
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"langguard_sql_{Environment.ProcessId}_{Interlocked.Increment(ref _last)}");

    public PostgreSqlSqlWorld(string server, IReadOnlyList<string> setup, SqlCase test)
    {
        _server = server;

        // A case that ran unguarded may have left settings for the administrator.
        Execute(server, "ALTER ROLE CURRENT_USER RESET ALL");
        Execute(server, $"CREATE DATABASE {_name}");
        Owner = new NpgsqlConnectionStringBuilder(server) { Database = _name, Pooling = false }.ConnectionString;
        using (var connection = (NpgsqlConnection)OpenUnguarded())
        {
            using var batch = new NpgsqlBatch(connection);
            foreach (var statement in setup)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
            }

            batch.ExecuteNonQuery();
        }

        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("db", test.Apply)));
        Execute(Owner, PostgreSqlGrantScript.CreateAsync(Owner, policy, "db", _name).GetAwaiter().GetResult());
        foreach (var function in test.Functions)
        {
            Execute(Owner, $"DO $$ BEGIN GRANT EXECUTE ON FUNCTION {function} TO {_name}; EXCEPTION WHEN undefined_function OR ambiguous_function THEN END $$");
        }

        Execute(Owner, $"ALTER ROLE {_name} PASSWORD 'agent'");
        Agent = new NpgsqlConnectionStringBuilder(Owner) { Username = _name, Password = "agent" }.ConnectionString;
    }

    private string Owner { get; }

    private string Agent { get; }

    public override string Fingerprint()
    {
        using var connection = OpenUnguarded();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT md5(string_agg(part, '|' ORDER BY part)) FROM (
                SELECT n.nspname || c.relname || coalesce(c.relacl::text, '') || (CASE c.relkind
                    WHEN 'r' THEN query_to_xml(
                        format('SELECT * FROM %I.%I AS t ORDER BY t::text', n.nspname, c.relname), true, false, '')::text
                    WHEN 'S' THEN query_to_xml(
                        format('SELECT last_value, is_called FROM %I.%I', n.nspname, c.relname), true, false, '')::text
                    ELSE '' END)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                UNION ALL SELECT proname || coalesce(proacl::text, '') FROM pg_proc WHERE oid >= 16384
                UNION ALL SELECT extname FROM pg_extension
                UNION ALL SELECT 'lo' || count(*) FROM pg_largeobject_metadata
                UNION ALL SELECT 'slot' || count(*) FROM pg_replication_slots) AS parts(part)
            """;
        return (string)command.ExecuteScalar()!;
    }

    public override void Use(DatabaseBuilder database) => database.UsePostgreSql(Agent);

    public override DbConnection OpenUnguarded()
    {
        var connection = new NpgsqlConnection(Owner);
        connection.Open();
        return connection;
    }

    public override void Dispose()
    {
        for (var i = 0; ; i++)
        {
            try
            {
                Execute(_server, $"DROP DATABASE {_name} WITH (FORCE)");
                break;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse && i < 10)
            {
                // The server waited for what an attack left running, but not long enough.
            }
        }

        Execute(_server, $"DROP ROLE {_name}");
    }

    private static void Execute(string server, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
