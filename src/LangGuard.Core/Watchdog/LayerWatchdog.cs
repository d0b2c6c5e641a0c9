using System.Collections.Concurrent;
using LangGuard.Auditing;

namespace LangGuard;

/// <summary>Reports layers of the host's own that do not answer. Their operation has not run and does not run; others
/// go on.</summary>
internal sealed class LayerWatchdog(PolicyDependencies dependencies)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<WatchedCall, byte> _running = [];
    private readonly Lock _lock = new();
    private ITimer? _timer;

    internal WatchedCall Enter(Operation operation, GuardSession? session)
    {
        var call = new WatchedCall(this, operation, session, dependencies.TimeProvider.GetTimestamp());
        _running.TryAdd(call, 0);
        if (_timer is null)
        {
            Start();
        }

        return call;
    }

    internal void Leave(WatchedCall call) => _running.TryRemove(call, out _);

    private void Start()
    {
        lock (_lock)
        {
            if (_timer is null)
            {
                // The timer holds the watchdog weakly, so that a policy which nobody uses any more can go.
                var tick = new Tick(new WeakReference<LayerWatchdog>(this));
                tick.Timer = _timer = dependencies.TimeProvider.CreateTimer(
                    static state => ((Tick)state!).Run(), tick, Patience, Patience);
            }
        }
    }

    private void TryReport()
    {
        try
        {
            Report();
        }
        catch (Exception)
        {
            // A clock of the host's own that fails must not end the host.
        }
    }

    private void Report()
    {
        foreach (var call in _running.Keys)
        {
            if (dependencies.TimeProvider.GetElapsedTime(call.Started) < Patience || !call.TryMarkReported())
            {
                continue;
            }

            foreach (var sink in dependencies.AuditSinks)
            {
                try
                {
                    sink.Write(new AuditRecord(
                        AuditPhase.LayerStalled, dependencies.TimeProvider.GetUtcNow(), 0, call.Session, call.Operation,
                        Decision.Deny(Reasons.LayerFault), default));
                }
                catch (Exception)
                {
                    // The report is best effort; the operation is held back either way.
                }
            }
        }
    }

    private sealed class Tick(WeakReference<LayerWatchdog> watchdog)
    {
        internal ITimer? Timer { get; set; }

        internal void Run()
        {
            if (watchdog.TryGetTarget(out var target))
            {
                target.TryReport();
            }
            else
            {
                Timer?.Dispose();
            }
        }
    }
}
