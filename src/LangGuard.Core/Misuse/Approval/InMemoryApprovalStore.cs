namespace LangGuard.Misuse;

/// <summary>Keeps requests for approval in this process.</summary>
internal sealed class InMemoryApprovalStore : IApprovalStore
{
    private readonly Lock _lock = new();
    private readonly List<ApprovalEntry> _entries = [];

    /// <inheritdoc />
    public bool TryAdd(ApprovalEntry entry, int mostOpen, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_lock)
        {
            Forget(now);
            if (_entries.Exists(other => other.Id == entry.Id) || _entries.Count(other => other.Scope == entry.Scope) >= mostOpen)
            {
                return false;
            }

            _entries.Add(entry);
            return true;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<ApprovalEntry> Open(string scope, DateTimeOffset now)
    {
        lock (_lock)
        {
            Forget(now);
            return _entries.FindAll(entry => entry.Scope == scope);
        }
    }

    /// <inheritdoc />
    public bool TryChange(string id, ApprovalState from, ApprovalState to, DateTimeOffset now)
    {
        lock (_lock)
        {
            Forget(now);
            var index = _entries.FindIndex(entry => entry.Id == id && entry.State == from);
            if (index < 0)
            {
                return false;
            }

            _entries[index] = _entries[index] with { State = to };
            return true;
        }
    }

    private void Forget(DateTimeOffset now) =>
        _entries.RemoveAll(entry => entry.Expires <= now || entry.State is ApprovalState.Rejected or ApprovalState.Used);
}
