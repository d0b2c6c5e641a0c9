namespace LangGuard.AI;

/// <summary>A call that a guard has decided on and carries out through a wrapper that holds another guard, so that one call
/// is decided, charged and asked for once. The guard inside takes it only for exactly this effect in this session, once; a
/// wrapper that changes anything is decided on anew.</summary>
internal sealed class DecidedCall : IDisposable
{
    private static readonly AsyncLocal<DecidedCall?> Running = new();

    private readonly GuardSession _session;
    private readonly FunctionOperation _operation;
    private int _taken;

    private DecidedCall(GuardSession session, FunctionOperation operation)
    {
        _session = session;
        _operation = operation;
    }

    /// <summary>Says what is decided. It counts for what the running asynchronous method calls, until it is disposed: work that
    /// outlives the call is decided on anew.</summary>
    internal static DecidedCall Enter(GuardSession session, FunctionOperation operation) =>
        Running.Value = new DecidedCall(session, operation);

    internal static bool TryTake(GuardSession session, FunctionOperation operation) =>
        Running.Value is { } decided
        && ReferenceEquals(decided._session, session)
        && decided._operation.Effects == operation.Effects
        && string.Equals(decided._operation.CanonicalEffect, operation.CanonicalEffect, StringComparison.Ordinal)
        && Interlocked.Exchange(ref decided._taken, 1) == 0;

    public void Dispose() => Interlocked.Exchange(ref _taken, 1);
}
