using LangGuard.Data;
using LangGuard.Permissions;
using MySqlConnector;

namespace LangGuard.MySql;

/// <summary>Compares what a login of MySQL or MariaDB can do with what the policy needs. Whatever is listed here stands between
/// an agent and harm only by the inspector, no longer by the server.</summary>
public static class MySqlCredentialAudit
{
    /// <summary>Lists the rights that are too much; none is the aim.</summary>
    /// <param name="connectionString">The connection string of the agent's login, with its database.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    public static async Task<IReadOnlyList<CredentialFinding>> RunAsync(
        string connectionString, Policy policy, string database, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var options = DatabaseOptions.Of(policy, database);
        var connection = new MySqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return Run(connection, options);
        }
    }

    internal static IReadOnlyList<CredentialFinding> Run(MySqlConnection connection, DatabaseOptions options)
    {
        var findings = new List<CredentialFinding>();
        MySqlSchemaReader.Each(
            connection, "SHOW GRANTS FOR CURRENT_USER",
            row => Compare(MySqlGrant.Parse(row.GetString(0)), options, connection.Database, findings));
        foreach (var (name, table) in options.Tables)
        {
            if (table.Rows.Count > 0)
            {
                findings.Add(new CredentialFinding(
                    "ROWS", name, "The server has no row filters: grant a view that shows the right rows alone"));
            }
        }

        return findings;
    }

    private static void Compare(MySqlGrant grant, DatabaseOptions options, string database, List<CredentialFinding> findings)
    {
        if (grant.CanGrant)
        {
            findings.Add(new CredentialFinding("GRANT OPTION", grant.On, $"REVOKE GRANT OPTION ON {grant.On} FROM ..."));
        }

        foreach (var right in grant.Rights)
        {
            if (right.Name == "USAGE" || IsNeeded(grant, right, options, database))
            {
                continue;
            }

            findings.Add(new CredentialFinding(
                right.Name, grant.On, grant.On.Length == 0 ? $"REVOKE {right.Name} FROM ..." : $"REVOKE {right.Name} ON {grant.On} FROM ..."));
        }
    }

    private static bool IsNeeded(MySqlGrant grant, MySqlGrant.Right right, DatabaseOptions options, string database)
    {
        if (grant.Schema is null || grant.Table is null)
        {
            return false;
        }

        if (grant.IsRoutine)
        {
            return right.Name == "EXECUTE" && (options.Functions.Contains($"{grant.Schema}.{grant.Table}")
                || (string.Equals(grant.Schema, database, StringComparison.OrdinalIgnoreCase) && options.Functions.Contains(grant.Table)));
        }

        var rule = MySqlPolicy.Find(options, grant.Schema, grant.Table, database);
        if (rule is null || !MySqlPolicy.Allows(rule, right.Name))
        {
            return false;
        }

        // Rights on the whole table are on its hidden columns, too.
        var hidden = right.Name == "SELECT" ? rule.DenyColumns.Concat(rule.MaskColumns) : rule.DenyColumns;
        return right.Name == "DELETE" || (right.Columns.Count == 0 ? !hidden.Any() : !right.Columns.Any(hidden.Contains));
    }
}
