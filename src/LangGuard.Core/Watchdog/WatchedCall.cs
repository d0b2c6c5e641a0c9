namespace LangGuard;

/// <summary>One call of a layer that has not returned yet.</summary>
internal sealed class WatchedCall(LayerWatchdog watchdog, Operation operation, GuardSession? session, long started)
    : IDisposable
{
    private int _reported;

    internal Operation Operation => operation;

    internal GuardSession? Session => session;

    internal long Started => started;

    internal bool TryMarkReported() => Interlocked.Exchange(ref _reported, 1) == 0;

    public void Dispose() => watchdog.Leave(this);
}
