namespace LangGuard.Misuse;

/// <summary>Asks by a delegate of the host.</summary>
/// <param name="ask">Asks a person about a request.</param>
internal sealed class DelegateApprover(Func<ApprovalRequest, CancellationToken, ValueTask<ApprovalAnswer>> ask) : IApprover
{
    private readonly Func<ApprovalRequest, CancellationToken, ValueTask<ApprovalAnswer>> _ask =
        ask ?? throw new ArgumentNullException(nameof(ask));

    /// <inheritdoc />
    public async ValueTask<bool> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        await AnswerAsync(request, cancellationToken).ConfigureAwait(false) != ApprovalAnswer.No;

    /// <inheritdoc />
    public ValueTask<ApprovalAnswer> AnswerAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        _ask(request, cancellationToken);
}
