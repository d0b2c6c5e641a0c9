using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Sqlite;

/// <summary>Compares what can be done to a SQLite file from outside with what the policy needs. A file has no logins: whoever can
/// write it, or the folder in which its journals are, can change rows without a statement.</summary>
/// <remarks>Modes are those of Unix. On Windows only whether the process can write the file is looked at.</remarks>
public static class SqliteCredentialAudit
{
    /// <summary>Lists the rights that are too much; none is the aim.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    public static IReadOnlyList<CredentialFinding> Run(string path, Policy policy, string database)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Run(path, DatabaseOptions.Of(policy, database));
    }

    internal static IReadOnlyList<CredentialFinding> Run(string path, DatabaseOptions options)
    {
        var findings = new List<CredentialFinding>();
        if (!options.Writes && SqliteFiles.CanWrite(path))
        {
            findings.Add(new CredentialFinding("WRITE by this process", "the file", "chmod a-w, or another owner than the process"));
        }

        DatabaseFile.AddModes(findings, path, "the file");
        foreach (var suffix in (string[])["-wal", "-shm", "-journal"])
        {
            DatabaseFile.AddModes(findings, path + suffix, $"the {suffix[1..]} file");
        }

        DatabaseFile.AddFolderModes(findings, path);

        return findings;
    }
}
