namespace LangGuard;

/// <summary>A permission layer of the host's own, under the watchdog.</summary>
internal sealed class WatchedPermissionLayer(PermissionLayer layer, LayerWatchdog watchdog) : PermissionLayer
{
    public override string Name => layer.Name;

    public override bool Covers(Surface surface) => layer.Covers(surface);

    public override Decision Decide(Operation operation)
    {
        using var call = watchdog.Enter(operation, null);
        return layer.Decide(operation);
    }
}
