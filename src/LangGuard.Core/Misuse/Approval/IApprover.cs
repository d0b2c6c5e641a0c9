namespace LangGuard.Misuse;

/// <summary>Asks a person. Called after every layer has voted, never inside a layer.</summary>
public interface IApprover
{
    /// <summary>Asks about one request. Anything but an explicit yes before the request expires is a no.</summary>
    /// <param name="request">What is about to happen, bound to its exact effect.</param>
    /// <param name="cancellationToken">Cancelled when the request expires or the caller gives up.</param>
    /// <returns>True only when a person approved.</returns>
    ValueTask<bool> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken);

    /// <summary>As <see cref="ApproveAsync"/>, for approvers that can also be told how far an approval goes.</summary>
    /// <param name="request">What is about to happen, bound to its exact effect.</param>
    /// <param name="cancellationToken">Cancelled when the request expires or the caller gives up.</param>
    async ValueTask<ApprovalAnswer> AnswerAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        await ApproveAsync(request, cancellationToken).ConfigureAwait(false) ? ApprovalAnswer.Once : ApprovalAnswer.No;
}
