using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>Compares what a login of SQL Server can do with what the policy needs. Whatever is listed here stands between an agent
/// and harm only by the two parsers, no longer by the server.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
public static class SqlServerCredentialAudit
{
    /// <summary>Rights of a plain login that lead nowhere.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "CONNECT", "CONNECT SQL", "VIEW ANY DATABASE", "VIEW ANY COLUMN MASTER KEY DEFINITION", "VIEW ANY COLUMN ENCRYPTION KEY DEFINITION",
    };

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
        var connection = new SqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return Run(connection, options);
        }
    }

    internal static IReadOnlyList<CredentialFinding> Run(SqlConnection connection, DatabaseOptions options)
    {
        var findings = new List<CredentialFinding>();
        Each(SqlServerCredentialQueries.Roles, row => Add(row, $"ALTER ROLE {row.GetString(1)} DROP MEMBER ..."));
        Each(SqlServerCredentialQueries.Rights, row =>
        {
            if (!Harmless.Contains(row.GetString(0)))
            {
                Add(row, $"REVOKE {row.GetString(0)} FROM ...");
            }
        });
        Each(SqlServerCredentialQueries.Reach, row => Add(row, row.GetString(2)));
        var schema = "dbo";
        Each("SELECT COALESCE(SCHEMA_NAME(), 'dbo')", row => schema = row.GetString(0));
        Each(SqlServerCredentialQueries.Objects, row => Compare(row, options, schema, findings));
        return findings;

        void Each(string query, Action<SqlDataReader> row) => SqlServerSchemaReader.Each(connection, query, row);

        void Add(SqlDataReader row, string correction) =>
            findings.Add(new CredentialFinding(row.GetString(0), row.GetString(1), correction));
    }

    private static void Compare(SqlDataReader row, DatabaseOptions options, string defaultSchema, List<CredentialFinding> findings)
    {
        var (schema, name, column, right, type) = (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4).Trim());
        var place = $"{schema}.{name}";
        var isFunction = type is "FN" or "IF" or "TF" or "FS" or "FT" or "AF";
        var isNeeded = isFunction
            ? right is "EXECUTE" or "SELECT" && (options.Functions.Contains(place)
                || (string.Equals(schema, defaultSchema, StringComparison.OrdinalIgnoreCase) && options.Functions.Contains(name)))
            : SqlServerPolicy.Allows(SqlServerPolicy.Find(options, schema, name, defaultSchema), right, column);
        if (!isNeeded)
        {
            var on = column.Length == 0 ? place : $"{place} ({column})";
            findings.Add(new CredentialFinding(right, on, $"DENY {right} ON {on} TO ..."));
        }
    }
}
