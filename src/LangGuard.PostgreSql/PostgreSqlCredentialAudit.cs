using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>Compares what a PostgreSQL login can do with what the policy needs. Whatever is listed here stands between an
/// agent and harm only by the inspector, no longer by the server.</summary>
public static class PostgreSqlCredentialAudit
{
    /// <summary>Lists the rights that are too much; none is the aim.</summary>
    /// <param name="connectionString">The connection string of the agent's login.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    public static async Task<IReadOnlyList<CredentialFinding>> RunAsync(
        string connectionString, Policy policy, string database, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var options = DatabaseOptions.Of(policy, database);
        var connection = new NpgsqlConnection(connectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return Run(connection, options);
        }
    }

    internal static IReadOnlyList<CredentialFinding> Run(NpgsqlConnection connection, DatabaseOptions options)
    {
        var findings = new List<CredentialFinding>();
        Read(connection, PostgreSqlCredentialQueries.Attributes, row =>
            findings.Add(new CredentialFinding(row.GetString(0), string.Empty, $"ALTER ROLE ... NO{row.GetString(0)}")));
        if (findings.Any(finding => finding.Right == "SUPERUSER"))
        {
            // A superuser has every other right too; a list of them would only hide the one that matters.
            return findings;
        }

        Read(connection, PostgreSqlCredentialQueries.Memberships, row => findings.Add(new CredentialFinding(
            "MEMBER", row.GetString(0), $"REVOKE {row.GetString(0)} FROM ...")));
        Read(connection, PostgreSqlCredentialQueries.Owned, row => findings.Add(new CredentialFinding(
            "OWNER", row.GetString(0), $"ALTER ... {row.GetString(0)} OWNER TO another role")));
        Read(connection, PostgreSqlCredentialQueries.Creation, row => findings.Add(new CredentialFinding(
            row.GetString(0), row.GetString(1), $"REVOKE {row.GetString(0)} ON {row.GetString(1)} FROM PUBLIC")));
        Read(connection, PostgreSqlCredentialQueries.Functions, row => findings.Add(new CredentialFinding(
            "EXECUTE", row.GetString(0), $"REVOKE EXECUTE ON FUNCTION {row.GetString(0)} FROM PUBLIC")));
        Read(connection, PostgreSqlCredentialQueries.Tables, row =>
        {
            var (schema, table, right) = (row.GetString(0), row.GetString(1), row.GetString(2));
            if (!PostgreSqlPolicy.Allows(options, schema, table, right))
            {
                findings.Add(new CredentialFinding(right, $"{schema}.{table}", $"REVOKE {right} ON {schema}.{table} FROM ..."));
            }
        });
        Read(connection, PostgreSqlCredentialQueries.Columns, row =>
        {
            var (schema, table, column) = (row.GetString(0), row.GetString(1), row.GetString(2));
            if (PostgreSqlPolicy.Find(options, schema, table) is { } rule && (rule.DenyColumns.Contains(column)
                || (row.GetString(3) == "SELECT" && rule.MaskColumns.Contains(column))))
            {
                findings.Add(new CredentialFinding(
                    row.GetString(3), $"{schema}.{table}.{column}", "GRANT the other columns instead of the table"));
            }
        });
        var confined = new HashSet<string>(StringComparer.Ordinal);
        Read(connection, PostgreSqlCredentialQueries.Rows, row => confined.Add($"{row.GetString(0)}.{row.GetString(1)}"));
        Read(connection, PostgreSqlCredentialQueries.Tables, row =>
        {
            var (schema, table, right) = (row.GetString(0), row.GetString(1), row.GetString(2));
            if (right == "SELECT" && PostgreSqlPolicy.Find(options, schema, table) is { Rows.Count: > 0 }
                && !confined.Contains($"{schema}.{table}"))
            {
                findings.Add(new CredentialFinding(
                    "ROWS", $"{schema}.{table}", "Give the GRANT script and UsePostgreSql a row key: only the inspector filters rows now"));
            }
        });
        return findings;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The texts are constants.")]
    private static void Read(NpgsqlConnection connection, string query, Action<NpgsqlDataReader> row)
    {
        using var command = new NpgsqlCommand(query, connection);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            row(reader);
        }
    }
}
