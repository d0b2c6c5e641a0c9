using LangGuard.Auditing;
using LangGuard.PostgreSql.Auditing;
using Npgsql;

namespace LangGuard;

/// <summary>Keeps the audit in a PostgreSQL database of the host.</summary>
public static class PostgreSqlAudit
{
    /// <summary>Records in a PostgreSQL database: the same records, chain and checkpoints as in an audit file. An operation
    /// whose intent can not be written there does not run.</summary>
    /// <remarks>One process writes a database, by a lock on the server. Give the login INSERT and SELECT on the two tables and
    /// nothing else, once they exist; never the login of an agent. Checkpoints are signed with the key of
    /// <see cref="AuditBuilder.SignWith"/>; without one, with a key that lives as long as the process.</remarks>
    /// <param name="audit">The builder.</param>
    /// <param name="connectionString">The connection string of the audit's own login.</param>
    public static AuditBuilder ToPostgreSql(this AuditBuilder audit, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        try
        {
            var settings = PostgreSqlAuditTable.Settings(connectionString);
            audit.Policy.Collect<AuditFileParts>().Tables.Add(new AuditTablePlace(
                $"postgresql:{settings.Host}:{settings.Port}/{settings.Database}/{settings.SearchPath}",
                () => new PostgreSqlAuditTable(settings)));
        }
        catch (ArgumentException)
        {
            // Neither the text nor the driver's message is repeated: both can hold the password.
            audit.Policy.Errors.Add("DefendInDepth:Audit", null, "The connection string can not be read.", "Correct its keywords and values.");
        }

        return audit;
    }

    /// <summary>Records in the PostgreSQL database that the setting <c>DefendInDepth:Audit:PostgreSqlConnection</c> names; without one
    /// the policy is not built.</summary>
    /// <param name="audit">The builder.</param>
    public static AuditBuilder ToPostgreSql(this AuditBuilder audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        audit.Policy.Collect<AuditTableProviders>().Add(AuditTableProviders.PostgreSql, connection => audit.ToPostgreSql(connection));
        return audit;
    }

    /// <summary>Checks every record, the chain and every checkpoint that is known. Reads only; the writer may be
    /// running.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="trust">Keys, and checkpoints that were kept elsewhere.</param>
    /// <exception cref="IOException">The database can not be read.</exception>
    public static AuditReport Verify(string connectionString, AuditTrust trust)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentNullException.ThrowIfNull(trust);
        try
        {
            using var table = new PostgreSqlAuditTable(PostgreSqlAuditTable.Settings(connectionString));
            table.OpenToRead();
            return AuditTableVerifier.Verify(table, trust);
        }
        catch (NpgsqlException failure)
        {
            throw new AuditUnavailableException("The audit database can not be read.", failure);
        }
    }
}
