using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>A response that the caller reads piece by piece: its permit, its place under the rule, its deadline.</summary>
internal sealed class Exchange : IDisposable
{
    private const long MostObserved = 1024 * 1024;

    private readonly Permit _permit;
    private readonly CancellationTokenSource _stop;
    private readonly RuleUsage? _usage;
    private readonly EgressPool? _pool;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TimeSpan _total;
    private readonly long _bytesOut;
    private HttpResponseMessage? _response;
    private int _finished;
    private long _observed;

    /// <param name="permit">What was granted.</param>
    /// <param name="limits">The limits of the grant.</param>
    /// <param name="usage">The place to give back at the end, or null.</param>
    /// <param name="pool">The connections to leave at the end, or null.</param>
    /// <param name="left">The time that is left.</param>
    /// <param name="bytesOut">What was sent.</param>
    /// <param name="time">The clock of the policy.</param>
    public Exchange(
        Permit permit, HttpLimits limits, RuleUsage? usage, EgressPool? pool, TimeSpan left, long bytesOut, TimeProvider time)
    {
        _permit = permit;
        _usage = usage;
        _pool = pool;
        _total = left;
        _bytesOut = bytesOut;
        Limits = limits;
        _time = time;
        _started = time.GetTimestamp();
        _stop = new CancellationTokenSource(left, time);
    }

    public HttpLimits Limits { get; }

    /// <summary>Fires at the deadline, idle or total.</summary>
    public CancellationToken Deadline => _stop.Token;

    public bool IsLate => _stop.IsCancellationRequested;

    public long BytesIn { get; set; }

    /// <summary>From here on the response is read by the caller; at the deadline it is cut off, also when nobody reads.</summary>
    public void HandOver(HttpResponseMessage response)
    {
        _response = response;
        _stop.Token.UnsafeRegister(static state => ((Exchange)state!).Abort(), this);
    }

    /// <summary>The deadline is now the nearer of idle and total.</summary>
    public void BeginRead()
    {
        var left = Left();
        Limit(Limits.IdleTimeout < left ? Limits.IdleTimeout : left);
    }

    public void EndRead() => Limit(Left());

    /// <summary>Whether a layer wants to learn from responses where values come from.</summary>
    public bool Observes => _permit.Observes;

    /// <summary>Shows a piece of the response to those layers.</summary>
    public void Observe(ReadOnlySpan<byte> content)
    {
        if (Observes && _observed < MostObserved)
        {
            _observed += content.Length;
            _permit.Observe(content);
        }
    }

    /// <summary>Shows tags, links and other values that a client sends back.</summary>
    public void Observe(HttpResponseMessage response)
    {
        if (Observes)
        {
            ResponseGuard.Observe(response, _permit);
        }
    }

    /// <summary>Settles. Only the first call counts.</summary>
    public void Finish(OutcomeStatus status, Reason? stoppedBy = null)
    {
        if (Interlocked.Exchange(ref _finished, 1) != 0)
        {
            return;
        }

        _usage?.Leave();
        _pool?.Leave();
        _permit.Complete(new OperationOutcome(status, BytesIn, _bytesOut) { StoppedBy = stoppedBy });
        if (!_stop.IsCancellationRequested)
        {
            _stop.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the response at a limit: settles with its reason and closes the connection. Throw what it returns.</summary>
    public AccessDeniedException Deny(Reason reason)
    {
        Finish(OutcomeStatus.Failed, reason);
        _response?.Dispose();
        return new AccessDeniedException(Decision.Deny(reason), _permit.Operation);
    }

    public void Dispose() => Finish(OutcomeStatus.Failed);

    private void Abort()
    {
        Finish(OutcomeStatus.Failed, HttpReasons.TooSlow);
        _response?.Dispose();
    }

    private void Limit(TimeSpan delay)
    {
        if (Volatile.Read(ref _finished) == 0)
        {
            _stop.CancelAfter(delay);
        }
    }

    private TimeSpan Left()
    {
        var left = _total - _time.GetElapsedTime(_started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
