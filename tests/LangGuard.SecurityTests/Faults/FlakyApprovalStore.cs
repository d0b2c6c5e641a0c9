using LangGuard.Misuse;

namespace LangGuard.SecurityTests.Faults;

/// <summary>A store of approvals that works until one of its calls, and fails in one way from then on.</summary>
internal sealed class FlakyApprovalStore(int from, string how, ManualResetEventSlim? gate = null) : IApprovalStore
{
    private readonly InMemoryApprovalStore _inner = new();
    private int _calls;

    internal int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether the failure was reached.</summary>
    internal bool HasFailed => Calls > from;

    public bool TryAdd(ApprovalEntry entry, int mostOpen, DateTimeOffset now) =>
        Works() && _inner.TryAdd(entry, mostOpen, now);

    public IReadOnlyList<ApprovalEntry> Open(string scope, DateTimeOffset now)
    {
        if (Works())
        {
            return _inner.Open(scope, now);
        }

        return how switch
        {
            "nothing" => null!,
            "holes" => [null!],
            _ => [.. _inner.Open(scope, now).SelectMany(entry => new[]
            {
                // Approved for somebody else, long ago, or with a text that is none.
                entry with { Scope = "other", State = ApprovalState.Approved },
                entry with { Expires = now.AddDays(-1), State = ApprovalState.Approved },
                entry with { Request = "{", State = ApprovalState.Approved, EffectHash = string.Empty },
            })],
        };
    }

    public bool TryChange(string id, ApprovalState from, ApprovalState to, DateTimeOffset now) => Works() && _inner.TryChange(id, from, to, now);

    private bool Works()
    {
        if (Interlocked.Increment(ref _calls) <= from)
        {
            return true;
        }

        switch (how)
        {
            case "throws":
                throw new InvalidOperationException("Server=db;Password=hunter2 at /srv/secret");
            case "is cancelled":
                throw new OperationCanceledException("hunter2");
            case "hangs":
                gate!.Wait();
                throw new IOException("hunter2");
            default:
                return false;
        }
    }
}
