using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>One granted request from the decision to the last byte: its permit, its slot, its deadline.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly Permit _permit;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;
    private readonly long _started;
    private RuleUsage? _usage;
    private HttpResponseMessage? _response;
    private int _finished;
    private long _bytesOut;

    public Exchange(Permit permit, HttpGrant grant, TimeProvider time)
    {
        _permit = permit;
        _time = time;
        Grant = grant;
        _started = time.GetTimestamp();
        _stop = new CancellationTokenSource(grant.Limits.TotalTimeout, time);
    }

    public HttpGrant Grant { get; }

    /// <summary>Fires at the deadline, idle or total.</summary>
    public CancellationToken Deadline => _stop.Token;

    public bool IsLate => _stop.IsCancellationRequested;

    public long BytesIn { get; set; }

    public void Sends(RequestBody? body) => _bytesOut = body?.Bytes.Length ?? 0;

    /// <summary>Counts the request and waits for a slot.</summary>
    public async ValueTask EnterAsync(RuleUsage? usage, CancellationToken cancellationToken)
    {
        if (usage is null)
        {
            return;
        }

        if (!usage.TryCount(_time))
        {
            throw EgressDenial.Of(HttpReasons.Rate);
        }

        await usage.EnterAsync(cancellationToken).ConfigureAwait(false);
        _usage = usage;
    }

    /// <summary>From here on the response is read by the caller; at the deadline it is cut off, also when nobody reads.</summary>
    public void HandOver(HttpResponseMessage response)
    {
        _response = response;
        _stop.Token.UnsafeRegister(static state => ((Exchange)state!).Abort(), this);
    }

    /// <summary>The deadline is now the nearer of idle and total.</summary>
    public void BeginRead() => _stop.CancelAfter(Min(Grant.Limits.IdleTimeout, Left()));

    public void EndRead() => _stop.CancelAfter(Left());

    public void BeginResult() => _permit.BeginResult();

    /// <summary>Settles. Only the first call counts.</summary>
    public void Finish(OutcomeStatus status)
    {
        if (Interlocked.Exchange(ref _finished, 1) != 0)
        {
            return;
        }

        _usage?.Leave();
        _permit.Complete(new OperationOutcome(status, BytesIn, _bytesOut));
        if (!_stop.IsCancellationRequested)
        {
            _stop.Dispose();
        }
    }

    public void Dispose() => Finish(OutcomeStatus.Failed);

    private void Abort()
    {
        _response?.Dispose();
        Finish(OutcomeStatus.Failed);
    }

    private TimeSpan Left()
    {
        var left = Grant.Limits.TotalTimeout - _time.GetElapsedTime(_started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
