namespace LangGuard;

/// <summary>The reasons of the spine itself. Each surface and layer keeps its own beside its code.</summary>
internal static class Reasons
{
    internal static readonly Reason Unspecified =
        new("policy.unspecified", "A layer denied without saying why.");

    internal static readonly Reason LayerFault =
        new("policy.layer-fault", "A policy layer failed, so the operation was not run.", Retry.Later);

    internal static readonly Reason InvalidVote =
        new("policy.invalid-vote", "A policy layer gave an answer that has no meaning, so the operation was not run.");

    internal static readonly Reason NothingGranted =
        new("policy.not-granted", "No permission covers this operation.", Retry.ChangeArguments,
            "LimitPermissions: add a permission for {resource}");

    internal static readonly Reason SessionEnded =
        new("session.ended", "The session has ended.");

    internal static readonly Reason SessionMissing =
        new("session.missing", "There is no session, so nothing is allowed.");

    internal static readonly Reason SessionMismatch =
        new("session.mismatch", "The operation belongs to another session than the one that is running.");

    internal static readonly Reason PrincipalMismatch =
        new("session.principal-mismatch", "The operation names another principal than the session's.");

    internal static readonly Reason Changed =
        new("approval.changed", "What was approved has changed since; nothing was done.", Retry.AskUser);

    internal static readonly Reason AuditUnavailable =
        new("audit.unavailable", "The operation could not be recorded, so it was not run.", Retry.Later);

    /// <summary>Says more where the text is of this library; that of a sink of the host's may hold anything.</summary>
    internal static Reason NotRecorded(Exception failure) => failure is Auditing.AuditUnavailableException own
        ? new(AuditUnavailable.Rule, $"{AuditUnavailable.Message} {own.Message}", AuditUnavailable.Retry)
        : AuditUnavailable;
}
