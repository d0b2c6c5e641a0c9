using System.Security.Cryptography;
using System.Text;

namespace LangGuard.Misuse;

/// <summary>What waits for a person in one session tree, and the answers. Each approval is bound to one effect and is
/// used once.</summary>
public sealed class SessionApprovals
{
    private const int MaxPending = 64;
    internal static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5);

    internal static readonly Reason Rejected =
        new("approval.rejected", "A person was asked and did not approve.", Retry.No);

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);

    internal SessionApprovals(TimeProvider timeProvider) => _timeProvider = timeProvider;

    /// <summary>What waits for an answer now.</summary>
    public IReadOnlyList<ApprovalRequest> Pending
    {
        get
        {
            lock (_lock)
            {
                Expire();
                return [.. _byId.Values.Where(entry => !entry.Approved).Select(entry => entry.Request)];
            }
        }
    }

    /// <summary>Approves a request. The operation has to be tried again; the policy decides again.</summary>
    /// <returns>False when there is no such request any more.</returns>
    public bool Approve(string requestId)
    {
        lock (_lock)
        {
            Expire();
            if (!_byId.TryGetValue(requestId, out var entry) || entry.Approved)
            {
                return false;
            }

            entry.Approved = true;
            return true;
        }
    }

    /// <summary>Rejects a request.</summary>
    /// <returns>False when there is no such request any more.</returns>
    public bool Reject(string requestId)
    {
        lock (_lock)
        {
            return _byId.Remove(requestId);
        }
    }

    /// <summary>Records a request, or returns the one that already waits for the same effect. Null when too many wait.</summary>
    internal ApprovalRequest? Request(GuardSession session, Operation operation, IReadOnlyList<Reason> reasons)
    {
        var hash = Hash(session, operation);
        lock (_lock)
        {
            Expire();
            var same = _byId.Values.FirstOrDefault(entry => entry.Request.EffectHash == hash);
            if (same is not null)
            {
                return same.Request;
            }

            if (_byId.Count >= MaxPending)
            {
                return null;
            }

            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var request = new ApprovalRequest(
                id, session.Id, session.Principal, operation, reasons, hash, _timeProvider.GetUtcNow() + TimeToLive);
            _byId.Add(id, new Entry(request));
            return request;
        }
    }

    /// <summary>Takes the approval for this very effect, if a person gave one. It is gone afterwards.</summary>
    internal Approval? TryConsume(GuardSession session, Operation operation)
    {
        lock (_lock)
        {
            if (_byId.Count == 0)
            {
                return null;
            }

            Expire();
            var hash = Hash(session, operation);
            var entry = _byId.Values.FirstOrDefault(entry => entry.Approved && entry.Request.EffectHash == hash);
            if (entry is null)
            {
                return null;
            }

            _byId.Remove(entry.Request.Id);
            return new Approval(entry.Request.Reasons, entry.Request.Id);
        }
    }

    internal async ValueTask<bool> AskAsync(IApprover approver, string requestId, CancellationToken cancellationToken)
    {
        ApprovalRequest request;
        lock (_lock)
        {
            if (!_byId.TryGetValue(requestId, out var entry))
            {
                return false;
            }

            request = entry.Request;
        }

        using var timeout = new CancellationTokenSource(TimeToLive, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var approved = await approver.ApproveAsync(request, linked.Token)
                .AsTask().WaitAsync(linked.Token).ConfigureAwait(false);
            if (approved)
            {
                return Approve(requestId);
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // An approver that fails or does not answer has not approved.
        }

        Reject(requestId);
        return false;
    }

    private static string Hash(GuardSession session, Operation operation)
    {
        var text = $"{session.Tree.Root.Id}\n{session.Principal}\n{session.Agent}\n{operation.CanonicalEffect}";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private void Expire()
    {
        var now = _timeProvider.GetUtcNow();
        foreach (var lapsed in _byId.Values.Where(entry => entry.Request.Expires <= now).ToList())
        {
            _byId.Remove(lapsed.Request.Id);
        }
    }

    private sealed class Entry(ApprovalRequest request)
    {
        internal ApprovalRequest Request { get; } = request;

        internal bool Approved { get; set; }
    }
}
