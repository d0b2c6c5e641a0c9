using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>Compares what a DuckDB file holds, and what can be done to it from outside, with what the policy needs. A file has no
/// logins: whatever is in it stands between an agent and harm only by the inspector and the engine's own parser, and whoever can write
/// it, or the folder in which its log is, can change rows without a statement.</summary>
/// <remarks>Modes are those of Unix. On Windows only whether the process can write the file is looked at.</remarks>
public static class DuckDbCredentialAudit
{
    private const string Remedy = "a file of its own: DuckDbExtractScript";

    /// <summary>Lists what is too much; none is the aim.</summary>
    /// <param name="path">The absolute path of the file.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <exception cref="ArgumentException">The policy names no such database.</exception>
    /// <exception cref="GuardedDatabaseException">The file can not be opened, or is open in this process with other settings.</exception>
    public static IReadOnlyList<CredentialFinding> Run(string path, Policy policy, string database)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var options = DatabaseOptions.Of(policy, database);
        using var engine = new DuckDbEngine(path, options);
        return Run(path, options, engine.Schema);
    }

    internal static IReadOnlyList<CredentialFinding> Run(string path, DatabaseOptions options, SqlSchema schema)
    {
        var findings = new List<CredentialFinding>();
        if (!options.Writes && DuckDbFiles.CanWrite(path))
        {
            findings.Add(new CredentialFinding("WRITE by this process", "the file", "chmod a-w, or another owner than the process"));
        }

        DatabaseFile.AddModes(findings, path, "the file");
        DatabaseFile.AddModes(findings, $"{path}.wal", "the wal file");

        DatabaseFile.AddFolderModes(findings, path);

        foreach (var table in schema.Tables)
        {
            if (DuckDbPolicy.Find(options, table.Schema, table.Name) is null)
            {
                findings.Add(new CredentialFinding("SELECT", $"{table.Schema}.{table.Name}", Remedy));
            }
        }

        foreach (var function in schema.Functions)
        {
            if (!options.Functions.Any(name => string.Equals(name[(name.LastIndexOf('.') + 1)..], function, StringComparison.OrdinalIgnoreCase)))
            {
                findings.Add(new CredentialFinding("MACRO", function, Remedy));
            }
        }

        return findings;
    }
}
