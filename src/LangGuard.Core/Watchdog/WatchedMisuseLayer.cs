namespace LangGuard;

/// <summary>A misuse layer of the host's own, under the watchdog.</summary>
internal sealed class WatchedMisuseLayer(MisuseLayer layer, LayerWatchdog watchdog) : MisuseLayer
{
    public override string Name => layer.Name;

    public override bool Reserves => layer.Reserves;

    public override bool Covers(Surface surface) => layer.Covers(surface);

    public override Objection Review(Operation operation, GuardSession session)
    {
        using var call = watchdog.Enter(operation, session);
        return layer.Review(operation, session);
    }

    public override Objection TryReserve(Operation operation, GuardSession session)
    {
        using var call = watchdog.Enter(operation, session);
        return layer.TryReserve(operation, session);
    }

    public override void Settle(Operation operation, GuardSession session, in OperationOutcome outcome)
    {
        using var call = watchdog.Enter(operation, session);
        layer.Settle(operation, session, outcome);
    }
}
