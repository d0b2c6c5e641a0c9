namespace LangGuard.Misuse;

/// <summary>Keeps requests for approval on the server's side. A store that throws denies.</summary>
/// <remarks>Members are called from several threads, and from several processes where the store is shared.</remarks>
public interface IApprovalStore
{
    /// <summary>Adds a request, unless its scope holds too many that have neither lapsed nor come to an end.</summary>
    /// <param name="entry">The request.</param>
    /// <param name="mostOpen">The most that may be open in one scope.</param>
    /// <param name="now">The time.</param>
    bool TryAdd(ApprovalEntry entry, int mostOpen, DateTimeOffset now);

    /// <summary>The requests of one scope that have neither lapsed nor come to an end, oldest first.</summary>
    IReadOnlyList<ApprovalEntry> Open(string scope, DateTimeOffset now);

    /// <summary>Moves a request from one state to another, if it is in that state now and has not lapsed: compare and set, so
    /// that of several callers one succeeds.</summary>
    bool TryChange(string id, ApprovalState from, ApprovalState to, DateTimeOffset now);
}
