using System.Globalization;
using System.Text;
using LangGuard.Data;
using LangGuard.PostgreSql;
using Npgsql;

namespace LangGuard.Conformance;

/// <summary>PostgreSQL: of a query it makes a view, whose dependencies name every table and column; a change it only prepares.
/// Where Debian's libpg_query is installed, its parser is asked first.</summary>
internal sealed class PostgreSqlOracle : SqlOracle
{
    // What the grammar makes of SIMILAR TO and of ESCAPE: operators to everybody else.
    private static readonly HashSet<string> Operators = new(StringComparer.Ordinal) { "similar_to_escape", "similar_escape", "like_escape" };

    private readonly string _server;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"langguard_fuzz_{Environment.ProcessId}");
    private readonly NpgsqlConnection _connection;
    private readonly PgQuery? _parser = PgQuery.TryLoad();

    public PostgreSqlOracle(string server, IEnumerable<string> setup)
    {
        _server = server;
        OnServer($"DROP DATABASE IF EXISTS {_name}");
        OnServer($"CREATE DATABASE {_name}");
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server)
        {
            Database = _name,
            Pooling = false,
            MaxAutoPrepare = 0,
        }.ConnectionString);
        _connection.Open();
        foreach (var statement in setup)
        {
            Run(statement);
        }

        Run("SET search_path = pg_catalog, public; SET statement_timeout = 5000");
        Schema = PostgreSqlSchemaReader.Read(_connection, null);
    }

    public override SqlSchema Schema { get; }

    /// <summary>Whether libpg_query is here.</summary>
    public bool HasParser => _parser is not null;

    public override string? Missed(string sql, SqlFacts facts, out bool isComparable)
    {
        isComparable = false;
        if (_parser is not null && facts.Parameters.All(mark => mark.Sign == '$'))
        {
            var parsed = _parser.Parse(sql);
            if (parsed is null)
            {
                return null;
            }

            isComparable = true;
            if (Compare(parsed, facts) is { } missed)
            {
                return missed;
            }
        }

        if (facts.Parameters.Count > 0)
        {
            return null;
        }

        return facts.Changes.Count > 0 || facts.Kind != SqlStatementKind.Query
            ? Prepared(sql, facts, ref isComparable)
            : Viewed(sql, facts, ref isComparable);
    }

    public override void Dispose()
    {
        _connection.Dispose();
        OnServer($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    private static string? Compare(PgQuery.Tree parsed, SqlFacts facts)
    {
        if (parsed.Statements != 1)
        {
            return $"{parsed.Statements} statements";
        }

        var table = parsed.Tables.FirstOrDefault(name =>
            !facts.CommonTables.Contains(name) && facts.Tables.All(use => use.Name != name));
        var function = parsed.Functions.FirstOrDefault(name => !Operators.Contains(name) && facts.Functions.All(use => use.Name != name));
        return table is not null ? $"table {table}" : function is not null ? $"function {function}" : null;
    }

    /// <summary>Compiled as one message without being run: the server refuses two statements in it.</summary>
    private string? Prepared(string sql, SqlFacts facts, ref bool isComparable)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            using var batch = new NpgsqlBatch(_connection, transaction);
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"EXPLAIN (VERBOSE, FORMAT JSON) {(facts.Kind == SqlStatementKind.Explain ? "SELECT 1" : sql)}"));
            if (facts.Kind == SqlStatementKind.Explain)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
            }

            var plan = (string)batch.ExecuteScalar()!;
            isComparable = true;
            return Schema.Tables.Select(table => table.Name)
                .Where(name => plan.Contains($"\"Relation Name\": \"{name}\"", StringComparison.Ordinal)
                    && facts.Tables.All(use => use.Name != name) && facts.Tables.All(use => use.Table is not { IsView: true }))
                .Select(name => $"table {name}").FirstOrDefault();
        }
        catch (PostgresException error)
        {
            return IsTwoStatements(error) ? "a second statement" : null;
        }
    }

    private string? Viewed(string sql, SqlFacts facts, ref bool isComparable)
    {
        var names = new StringBuilder();
        for (var i = 1; i <= facts.ResultColumns; i++)
        {
            names.Append(i == 1 ? "(" : ",").Append(CultureInfo.InvariantCulture, $"c{i}");
        }

        names.Append(facts.ResultColumns > 0 ? ")" : "");
        try
        {
            using var transaction = _connection.BeginTransaction();
            using var batch = new NpgsqlBatch(_connection, transaction);

            // The end of the text is the facts' own: a semicolon is no part of a view.
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"CREATE TEMP VIEW fuzz {names} AS {sql[..facts.End]}"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                SELECT c.relname::text, a.attname::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
                JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
                WHERE r.ev_class = 'pg_temp.fuzz'::regclass AND c.relname <> 'fuzz' AND c.relkind <> 'S'
                """));
            using var reader = batch.ExecuteReader();
            while (reader.Read())
            {
                isComparable = true;
                var (table, column) = (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1));
                if (facts.Tables.FirstOrDefault(use => use.Name == table) is not { } use)
                {
                    return $"table {table}";
                }

                if (column is not null && !use.UsesSystemColumns && use.Table is { IsCatalog: false } known
                    && known.IndexOf(column) is var index and >= 0 && use.ColumnUse(index) == SqlUse.None)
                {
                    return $"column {table}.{column}";
                }
            }

            isComparable = true;
            return null;
        }
        catch (PostgresException error)
        {
            return IsTwoStatements(error) ? "a second statement" : null;
        }
    }

    private static bool IsTwoStatements(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.SyntaxError
        && error.MessageText.Contains("multiple commands", StringComparison.Ordinal);

    private void Run(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        command.ExecuteNonQuery();
    }

    private void OnServer(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
