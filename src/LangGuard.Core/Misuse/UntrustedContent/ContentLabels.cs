namespace LangGuard.Misuse;

/// <summary>How labels move between a session and what it reads and writes.</summary>
internal static class ContentLabels
{
    private static readonly Func<Policy, UntrustedLabels> Labels =
        static policy => new UntrustedLabels(policy.Options.AnticipateMisuse.TrackUntrustedContent.LabelFile);

    /// <summary>Whether what the operation returns is content that somebody vouches for.</summary>
    internal static bool IsTrusted(GuardSession session, Policy policy, Operation operation, Grant grant)
    {
        if (session.State<Provenance>().IsTrustedSource(operation))
        {
            return true;
        }

        return grant.Trusted && (Of(policy) is not { IsEmpty: false } labels || !labels.Contains(operation.StoredAs));
    }

    /// <summary>What a session with untrusted content wrote stays untrusted; so does what is copied or moved from there.</summary>
    internal static void Wrote(GuardSession session, Policy policy, Operation operation, bool succeeded)
    {
        var labels = Of(policy);
        if (session.HoldsUntrustedContent || CarriesLabel(labels, operation))
        {
            labels.Add(operation.WritesTo);
        }

        if (operation is FileOperation file)
        {
            OwnFiles.Changed(session.State<Provenance>(), file, succeeded);
        }
    }

    private static UntrustedLabels Of(Policy policy) =>
        policy.Dependencies.Get<UntrustedLabels>() ?? policy.Dependencies.GetOrCreate(Labels, policy);

    private static bool CarriesLabel(UntrustedLabels labels, Operation operation) =>
        operation is FileOperation { HasSecond: true } file && !labels.IsEmpty
        && (labels.Contains(operation.StoredAs) || file.StoredContents.Any(labels.Contains));
}
