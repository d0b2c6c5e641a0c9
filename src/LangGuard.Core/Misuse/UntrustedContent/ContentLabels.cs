namespace LangGuard.Misuse;

/// <summary>How labels move between a session and what it reads and writes.</summary>
internal static class ContentLabels
{
    private static readonly Func<Policy, UntrustedLabels> Labels =
        static policy => UntrustedLabels.In(policy.Options.AnticipateMisuse.TrackUntrustedContent.LabelFile);

    /// <summary>Whether what the operation returns is content that somebody vouches for.</summary>
    internal static bool IsTrusted(GuardSession session, Policy policy, Operation operation, Grant grant)
    {
        if (session.State<Provenance>().IsTrustedSource(operation))
        {
            return true;
        }

        return grant.Trusted && !IsLabelled(Of(policy), operation);
    }

    /// <summary>What a session with untrusted content wrote stays untrusted; so does what is copied or moved from there.</summary>
    internal static void Wrote(GuardSession session, Policy policy, Operation operation, bool succeeded)
    {
        var labels = Of(policy);
        if (session.HoldsUntrustedContent || CarriesLabel(labels, operation))
        {
            labels.Add(operation.WritesTo);
            if (operation.WritesForAll)
            {
                UntrustedLabels.OfProcess.Add(operation.WritesTo);
            }
        }

        if (operation is FileOperation file)
        {
            OwnFiles.Changed(session.State<Provenance>(), file, succeeded);
        }
    }

    /// <summary>A file that the policy names, the labels of its host, or its own.</summary>
    private static UntrustedLabels Of(Policy policy) =>
        (policy.Options.AnticipateMisuse.TrackUntrustedContent.LabelFile is null ? policy.Dependencies.Get<UntrustedLabels>() : null)
        ?? policy.Dependencies.GetOrCreate(Labels, policy);

    private static bool IsLabelled(UntrustedLabels labels, Operation operation) =>
        Contains(labels, operation) || (operation.IsStoredForAll && Contains(UntrustedLabels.OfProcess, operation));

    private static bool Contains(UntrustedLabels labels, Operation operation) => !labels.IsEmpty && labels.Contains(operation.StoredAs);

    private static bool CarriesLabel(UntrustedLabels labels, Operation operation) =>
        operation is FileOperation { HasSecond: true } file
        && (CarriesLabel(labels, file) || (file.IsStoredForAll && CarriesLabel(UntrustedLabels.OfProcess, file)));

    private static bool CarriesLabel(UntrustedLabels labels, FileOperation file) =>
        !labels.IsEmpty && (labels.Contains(file.StoredAs) || file.StoredContents.Any(labels.Contains));
}
