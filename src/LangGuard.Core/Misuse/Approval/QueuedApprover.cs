namespace LangGuard.Misuse;

/// <summary>Holds calls in this process until somebody answers them from elsewhere: a page, a chat command, a test.</summary>
public sealed class QueuedApprover : IApprover
{
    private const int MostWaiting = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    /// <summary>Raised when a request has been added. Handlers must not block.</summary>
    public event EventHandler<ApprovalRequest>? Added;

    /// <summary>What waits for an answer now.</summary>
    public IReadOnlyList<ApprovalRequest> Pending
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting.Values.Select(waiting => waiting.Request)];
            }
        }
    }

    /// <summary>Answers a request. The first answer counts.</summary>
    /// <returns>False when it does not wait any more.</returns>
    public bool Answer(string requestId, ApprovalAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        lock (_lock)
        {
            return _waiting.Remove(requestId, out var waiting) && waiting.Answer.TrySetResult(answer);
        }
    }

    /// <inheritdoc />
    public async ValueTask<bool> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        await AnswerAsync(request, cancellationToken).ConfigureAwait(false) != ApprovalAnswer.No;

    /// <inheritdoc />
    public async ValueTask<ApprovalAnswer> AnswerAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var waiting = new Waiting(request);
        lock (_lock)
        {
            // More than this many at once is a flood; the rest is a no.
            if (_waiting.Count >= MostWaiting || !_waiting.TryAdd(request.Id, waiting))
            {
                return ApprovalAnswer.No;
            }
        }

        try
        {
            Added?.Invoke(this, request);
            return await waiting.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(request.Id);
            }
        }
    }

    private sealed class Waiting(ApprovalRequest request)
    {
        internal ApprovalRequest Request { get; } = request;

        internal TaskCompletionSource<ApprovalAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
