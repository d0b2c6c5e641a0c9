using LangGuard.Auditing;
using LangGuard.Permissions;
using LangGuard.Sqlite.Auditing;

namespace LangGuard;

/// <summary>Keeps the audit in a SQLite database of the host.</summary>
public static class SqliteAudit
{
    /// <summary>Records in a SQLite database: the same records, chain and checkpoints as in an audit file. An operation whose
    /// intent can not be written there does not run.</summary>
    /// <remarks>One process writes a database. Checkpoints are signed with the key of <see cref="AuditBuilder.SignWith"/>;
    /// without one, with a key that lives as long as the process and proves only what was kept elsewhere.</remarks>
    /// <param name="audit">The builder.</param>
    /// <param name="path">The absolute path of a file of its own, in a folder that only this user can write. It is made
    /// when it does not exist.</param>
    public static AuditBuilder ToSqlite(this AuditBuilder audit, string path)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Path.IsPathFullyQualified(path))
        {
            audit.Policy.Errors.Add("DefendInDepth:Audit", path, "The path of the audit database is not absolute.", "Give the full path.");
            return audit;
        }

        var full = Path.GetFullPath(path);
        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal", SqliteAuditTable.LockSuffix])
        {
            audit.Policy.Collect<ProtectedPaths>().Add(full + suffix);
        }

        audit.Policy.Collect<AuditFileParts>().Tables.Add(new AuditTablePlace("sqlite:" + full, () => new SqliteAuditTable(full)));
        return audit;
    }

    /// <summary>Records in the SQLite database that the setting <c>DefendInDepth:Audit:SqlitePath</c> names; without one the policy
    /// is not built.</summary>
    /// <param name="audit">The builder.</param>
    public static AuditBuilder ToSqlite(this AuditBuilder audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        audit.Policy.Collect<AuditTableProviders>().Add(AuditTableProviders.Sqlite, path => audit.ToSqlite(path));
        return audit;
    }

    /// <summary>Checks every record, the chain and every checkpoint that is known. Reads only; the writer may be
    /// running.</summary>
    /// <param name="path">The database.</param>
    /// <param name="trust">Keys, and checkpoints that were kept elsewhere.</param>
    /// <exception cref="IOException">The database can not be read.</exception>
    public static AuditReport Verify(string path, AuditTrust trust)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(trust);
        using var table = new SqliteAuditTable(Path.GetFullPath(path));
        table.OpenToRead();
        return AuditTableVerifier.Verify(table, trust);
    }
}
