using System.Security.Cryptography;
using System.Text;
using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>What waits for a person in one session tree, and the answers. Each approval is bound to one effect and is
/// used once.</summary>
/// <remarks>Where the policy keeps approvals in a store that outlives the session, they belong to the conversation of the principal
/// with the agent; otherwise to the session.</remarks>
public sealed class SessionApprovals
{
    private const int MaxPending = 64;

    internal static readonly Reason Rejected =
        new("approval.rejected", "A person was asked and did not approve.", Retry.No);

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly IApprovalStore _store;
    private readonly string _scope;

    internal SessionApprovals(TimeProvider timeProvider, IApprovalStore? store, string scope)
    {
        _timeProvider = timeProvider;
        _store = store ?? new InMemoryApprovalStore();
        _scope = scope;
    }

    /// <summary>What waits for an answer now.</summary>
    public IReadOnlyList<ApprovalRequest> Pending =>
        [.. Open().Where(entry => entry.State == ApprovalState.Pending).Select(entry => ApprovalRequestJson.Read(entry.Request))];

    private DateTimeOffset Now => _timeProvider.GetUtcNow();

    /// <summary>Approves a request once. The operation has to be tried again; the policy decides again.</summary>
    /// <returns>False when there is no such request any more.</returns>
    public bool Approve(string requestId) => Answer(requestId, ApprovalAnswer.Once);

    /// <summary>Answers a request. The operation has to be tried again; the policy decides again.</summary>
    /// <returns>False when there is no such request any more.</returns>
    public bool Answer(string requestId, ApprovalAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        return answer switch
        {
            ApprovalAnswer.Once => Change(requestId, ApprovalState.Pending, ApprovalState.Approved),
            ApprovalAnswer.ThisValue => Change(requestId, ApprovalState.Pending, ApprovalState.ApprovedWithValue),
            ApprovalAnswer.ThisSource => Change(requestId, ApprovalState.Pending, ApprovalState.ApprovedWithSource),
            _ => Reject(requestId),
        };
    }

    /// <summary>Rejects a request, or takes back an approval that is not used yet.</summary>
    /// <returns>False when there is no such request any more.</returns>
    public bool Reject(string requestId)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        return Change(requestId, ApprovalState.Pending, ApprovalState.Rejected)
            || Change(requestId, ApprovalState.Approved, ApprovalState.Rejected)
            || Change(requestId, ApprovalState.ApprovedWithValue, ApprovalState.Rejected)
            || Change(requestId, ApprovalState.ApprovedWithSource, ApprovalState.Rejected);
    }

    /// <summary>Records a request. Null when too many wait.</summary>
    /// <param name="session">The session that asks.</param>
    /// <param name="operation">What is about to happen.</param>
    /// <param name="reasons">The rules that ask.</param>
    /// <param name="isShared">Whether a request for the same effect by the same rules that waits already will do.</param>
    internal string? Request(GuardSession session, Operation operation, IReadOnlyList<Reason> reasons, bool isShared)
    {
        var hash = Hash(session, operation);
        lock (_lock)
        {
            if (isShared && Open().FirstOrDefault(entry => entry.EffectHash == hash && entry.State == ApprovalState.Pending) is { } same
                && Asks(same, reasons))
            {
                return same.Id;
            }

            var now = Now;
            var expires = now + ApprovalLayer.TimeToLiveOf(session.Policy);
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var request = new ApprovalRequest(
                id, session.Id, session.Agent, session.Principal, operation.Effects, operation.Resource, operation.CanonicalEffect,
                operation.Source, reasons, ApprovalTargets.Of(operation, session), expires,
                PreviewOf(session, operation));
            var entry = new ApprovalEntry(id, _scope, hash, expires, ApprovalState.Pending, ApprovalRequestJson.Write(request));
            return _store.TryAdd(entry, MaxPending, now) ? id : null;
        }
    }

    /// <summary>Takes the approval for this very effect, if a person gave one. It is gone afterwards.</summary>
    /// <param name="session">The session that acts.</param>
    /// <param name="operation">What is about to happen.</param>
    /// <param name="id">The only approval that counts; null for any of this effect.</param>
    internal Approval? TryConsume(GuardSession session, Operation operation, string? id = null)
    {
        var open = Open();
        if (open.Count == 0)
        {
            return null;
        }

        var hash = Hash(session, operation);
        foreach (var entry in open)
        {
            if (entry.EffectHash == hash && (id is null || entry.Id == id) && IsApproved(entry.State)
                && Change(entry.Id, entry.State, ApprovalState.Used))
            {
                var request = ApprovalRequestJson.Read(entry.Request);
                Remember(session, request, entry.State);
                return new Approval(request.Reasons, request.Id);
            }
        }

        return null;
    }

    internal async ValueTask<bool> AskAsync(IApprover approver, string requestId, CancellationToken cancellationToken)
    {
        if (Pending.FirstOrDefault(request => request.Id == requestId) is not { } request)
        {
            return false;
        }

        var left = request.Expires - Now;
        using var timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var answer = await approver.AnswerAsync(request, linked.Token)
                .AsTask().WaitAsync(linked.Token).ConfigureAwait(false);
            if (answer != ApprovalAnswer.No)
            {
                return Answer(requestId, answer);
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // An approver that fails or does not answer has not approved.
        }
        catch (Exception)
        {
            // Nobody waits for the answer any more; a late one must not approve another call.
            Reject(requestId);
            throw;
        }

        Reject(requestId);
        return false;
    }

    /// <summary>Without the secrets that results hide too.</summary>
    private static OperationPreview PreviewOf(GuardSession session, Operation operation)
    {
        var preview = operation.Preview();
        return preview.Text is { } text ? preview with { Text = TextRedaction.Of(session.Policy).Apply(text) } : preview;
    }

    private static bool IsApproved(ApprovalState state) =>
        state is ApprovalState.Approved or ApprovalState.ApprovedWithValue or ApprovalState.ApprovedWithSource;

    private static bool Asks(ApprovalEntry entry, IReadOnlyList<Reason> reasons)
    {
        var asked = new Approval(ApprovalRequestJson.Read(entry.Request).Reasons);
        return reasons.All(asked.Covers);
    }

    /// <summary>What the person vouched for beyond this one effect.</summary>
    private static void Remember(GuardSession session, ApprovalRequest request, ApprovalState state)
    {
        if (state == ApprovalState.ApprovedWithSource)
        {
            session.EndorseSource(request.Source);
        }
        else if (state == ApprovalState.ApprovedWithValue)
        {
            foreach (var target in request.Targets)
            {
                if (!string.IsNullOrWhiteSpace(target.Value))
                {
                    session.EndorseValue(target.Value);
                }
            }
        }
    }

    private string Hash(GuardSession session, Operation operation) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{_scope}\n{session.Agent}\n{operation.Principal}\n{(int)operation.Effects}\n{operation.CanonicalEffect}")));

    /// <summary>What the store says, and of that only what may be true: a store that mixes up its rows gives nobody another's
    /// approval.</summary>
    private List<ApprovalEntry> Open()
    {
        var now = Now;
        return [.. _store.Open(_scope, now).Where(entry => entry.Scope == _scope && entry.Expires > now)];
    }

    private bool Change(string id, ApprovalState from, ApprovalState to) =>
        Open().Any(entry => entry.Id == id) && _store.TryChange(id, from, to, Now);
}
