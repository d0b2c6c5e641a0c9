using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>One request while it is sent, hop by hop. Pooled, so that a request costs little more than its messages; nothing of
/// it outlives the call.</summary>
internal sealed class Dispatch(TimeProvider time) : IDisposable
{
    private static readonly Action<object?> Cancel = static state => ((CancellationTokenSource)state!).Cancel();

    private readonly ObservingStream _observer = new();
    private CancellationTokenSource? _stop;
    private CancellationTokenRegistration _caller;
    private long _started;

    // A mutable value: the hops change it in place.
#pragma warning disable SA1401 // A field, because a property would hand out copies.
    public HopState Hop;
#pragma warning restore SA1401

    public GuardSession Session { get; private set; } = null!;

    /// <summary>The caller's message. Only read.</summary>
    public HttpRequestMessage Request { get; private set; } = null!;

    public bool MayAsk { get; private set; }

    /// <summary>The caller's own cancellation.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>The origin of the last request, kept because the next one often has the same.</summary>
    public HttpOrigin? Origin { get; set; }

    /// <summary>The message of the hop at hand.</summary>
    public EgressRequest Egress { get; set; } = null!;

    public Permit Permit { get; set; } = null!;

    public HttpOperation Operation => (HttpOperation)Permit.Operation;

    public HttpGrant Grant => (HttpGrant)Permit.Grant;

    public RuleUsage? Usage { get; set; }

    public AttachedCredential? Credential { get; set; }

    /// <summary>The connections it is sent over, while it is.</summary>
    public EgressPool? Pool { get; private set; }

    public Task<HttpResponseMessage> Sending { get; private set; } = null!;

    public HttpResponseMessage? Response { get; set; }

    /// <summary>Set when the response is handed over while it is still arriving; then it settles the permit.</summary>
    public Exchange? Exchange { get; set; }

    public OutcomeStatus Status { get; set; }

    /// <summary>The wall that stopped the hop, or null.</summary>
    public Reason? StoppedBy { get; set; }

    public long BytesIn { get; set; }

    /// <summary>The caller's cancellation and the deadline of the hop.</summary>
    public CancellationToken Stop => _stop!.Token;

    /// <summary>Whether the deadline of the hop has passed, rather than the caller's patience.</summary>
    public bool IsLate => _stop is { IsCancellationRequested: true } && !Cancellation.IsCancellationRequested;

    public TimeSpan TimeLeft
    {
        get
        {
            var left = Grant.Limits.TotalTimeout - time.GetElapsedTime(_started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Start(GuardSession session, HttpRequestMessage request, bool mayAsk, CancellationToken cancellationToken)
    {
        Session = session;
        Request = request;
        MayAsk = mayAsk;
        Cancellation = cancellationToken;
        Hop = new HopState(request, session.Policy.Dependencies.Off);
    }

    /// <summary>From here on time runs.</summary>
    public void BeginHop()
    {
        Status = OutcomeStatus.Failed;
        StoppedBy = null;
        BytesIn = 0;
        _started = time.GetTimestamp();
        if (_stop is null)
        {
            _stop = new CancellationTokenSource(Grant.Limits.TotalTimeout, time);
        }
        else
        {
            _stop.CancelAfter(Grant.Limits.TotalTimeout);
        }

        _caller = Cancellation.UnsafeRegister(Cancel, _stop);
    }

    public void Send(EgressPools pools, HttpMessageInvoker? unguardedTransport)
    {
        if (WireCheck.Refuse(Egress, Operation, Grant, Permit.Policy.Dependencies.Off) is { } reason)
        {
            throw EgressDenial.Of(reason);
        }

        if (unguardedTransport is not null)
        {
            Sending = unguardedTransport.SendAsync(Egress, Stop);
            return;
        }

        Pool = pools.Enter(Grant, Permit.Policy);
        Sending = Pool.SendAsync(Egress, Stop);
    }

    /// <summary>The rest has to arrive in this time, if the hop has as much.</summary>
    public void Limit(TimeSpan time)
    {
        var left = TimeLeft;
        _stop!.CancelAfter(left < time ? left : time);
    }

    /// <summary>Shows a body that has been read to the layers that learn from results.</summary>
    public void Observe(HttpContent content)
    {
        _observer.Permit = Permit;
        content.CopyTo(_observer, context: null, CancellationToken.None);
        _observer.Permit = null;
    }

    /// <summary>Settles the hop, unless its response is still arriving.</summary>
    public void EndHop()
    {
        if (Exchange is null)
        {
            Usage?.Leave();
            Pool?.Leave();
            Permit.Complete(new OperationOutcome(Status, BytesIn, Operation.Body.Length) { StoppedBy = StoppedBy });
        }

        Usage = null;
        Pool = null;
        Exchange = null;
        Credential = null;
        Response = null;
        Sending = null!;

        // After this no callback of the caller's token can run, so that the timer can serve another request.
        _caller.Dispose();
        _caller = default;
        if (_stop is not null && !_stop.TryReset())
        {
            _stop.Dispose();
            _stop = null;
        }
    }

    /// <summary>Forgets everything, so that the pool keeps no message and no secret alive.</summary>
    public void Clear()
    {
        Hop = default;
        Session = null!;
        Request = null!;
        Cancellation = default;
        Egress = null!;
        Permit = null!;
        StoppedBy = null;
    }

    public void Dispose()
    {
        _stop?.Dispose();
        _observer.Dispose();
    }
}
