using LangGuard.Data;

namespace LangGuard.Posture;

/// <summary>Whether the login of a database can do no more than the policy grants.</summary>
internal static class DatabasePosture
{
    private const string Id = "posture.database-rights";

    /// <summary>Adds the check of one database. It asks the database when it is made.</summary>
    internal static void Add(PolicyBuilder policy, string database, Func<IReadOnlyList<CredentialFinding>> audit) =>
        policy.Collect<PostureParts>().Checks.Add(new PostureCheck(Id, _ => audit() is { Count: > 0 } findings
            ? PostureResult.Fails(
                $"What the agent uses to reach the database '{database}' has {findings.Count} rights beyond the policy, such as {findings[0].Right}.",
                "Take them away; the GRANT script and the credential audit name them.")
            : PostureResult.Holds($"'{database}': no right beyond the policy")));
}
