using System.Globalization;
using LangGuard.Data;
using LangGuard.MySql;
using MySqlConnector;

namespace LangGuard.Conformance;

/// <summary>MySQL or MariaDB: a login without rights on secret tables and columns prepares and runs the text. What the server
/// refuses must be among the facts; and no text is two statements to it.</summary>
internal sealed class MySqlOracle : SqlOracle
{
    private const int OnTable = 1142;
    private const int OnColumn = 1143;

    private readonly string _server;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"lg_fuzz_{Environment.ProcessId}");
    private readonly MySqlConnection _connection;
    private string _message = string.Empty;

    public MySqlOracle(string server, IEnumerable<string> setup)
    {
        _server = server;
        OnServer(server, $"DROP DATABASE IF EXISTS {_name}; CREATE DATABASE {_name} CHARACTER SET utf8mb4; DROP USER IF EXISTS '{_name}'@'%'; CREATE USER '{_name}'@'%' IDENTIFIED BY 'agent'");
        var owner = new MySqlConnectionStringBuilder(server) { Database = _name, Pooling = false, AllowUserVariables = true };
        foreach (var statement in setup)
        {
            OnServer(owner.ConnectionString, statement);
        }

        using (var connection = new MySqlConnection(owner.ConnectionString))
        {
            connection.Open();
            Schema = MySqlSchemaReader.Read(connection, null).Names;
        }

        foreach (var table in Schema.Tables.Where(table => table.Schema == _name && !IsSecret(table.Name)))
        {
            var columns = table.Columns.Where(column => !IsSecret(table.Name, column)).Select(column => $"`{column}`");
            OnServer(owner.ConnectionString, $"GRANT SELECT ({string.Join(',', columns)}) ON `{table.Name}` TO '{_name}'@'%'");
        }

        owner.UserID = _name;
        owner.Password = "agent";
        _connection = new MySqlConnection(owner.ConnectionString);
        _connection.Open();
        Run("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'; SET SESSION TRANSACTION READ ONLY");
        if (MySqlEngine.IsMariaDb(_connection))
        {
            Run("SET SESSION max_statement_time = 0.3");
        }
    }

    public override SqlSchema Schema { get; }

    public override string? Missed(string sql, SqlFacts facts, out bool isComparable)
    {
        isComparable = false;
        if (facts.Parameters.Count > 0 || facts.Changes.Count > 0)
        {
            return null;
        }

        var isSecret = facts.Tables.Any(use => use.Table is null || use.Table.IsCatalog || IsSecret(use.Name)
            || use.Columns.Any(column => IsSecret(use.Name, column.Name)));
        var prepared = Try($"SET @t = _utf8mb4 X'{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(sql[..facts.End]))}'; PREPARE fuzz FROM @t");
        if (prepared == (int)MySqlErrorCode.ParseError)
        {
            // The whole text as the protocol takes several statements. Alone it must fail as well.
            return Try(sql) is 0 or OnTable or OnColumn ? "a second statement" : null;
        }

        isComparable = prepared is 0 or OnTable or OnColumn;
        if (prepared == 0)
        {
            prepared = Try("EXECUTE fuzz");
        }

        // A server that tells Employees from employees has no such table, and says that it may not be read.
        return prepared is OnTable or OnColumn && !isSecret
            && Schema.Tables.Any(table => _message.Contains($"`{table.Name}`", StringComparison.Ordinal) || _message.Contains($"'{table.Name}'", StringComparison.Ordinal)) ? $"a right ({prepared})" : null;
    }

    public override void Dispose()
    {
        _connection.Dispose();
        OnServer(_server, $"DROP DATABASE IF EXISTS {_name}; DROP USER IF EXISTS '{_name}'@'%'");
    }

    private static bool IsSecret(string table, string? column = null) => column is null
        ? table is "api_keys" or "payments" or "v_keys"
        : IsSecret(table) || (table == "employees" && column is "ssn" or "salary");

    /// <returns>0, or the number of the error of the first statement that fails.</returns>
    private int Try(string sql)
    {
        try
        {
            Run(sql);
            return 0;
        }
        catch (MySqlException error)
        {
            _message = error.Message;
            return error.Number;
        }
    }

    private void Run(string sql)
    {
        using var command = new MySqlCommand(sql, _connection);
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
            }
        }
        while (reader.NextResult());
    }

    private static void OnServer(string server, string sql)
    {
        using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(server) { Pooling = false, AllowUserVariables = true }.ConnectionString);
        connection.Open();
        using var command = new MySqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
