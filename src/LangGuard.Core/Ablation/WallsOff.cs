namespace LangGuard.Ablation;

/// <summary>
/// Leaves out layers and walls, one by one, to measure what the others hold. For tests alone: no option, no configuration
/// and no public member leads here, and the hash of a policy with a wall off is another one.
/// </summary>
/// <remarks>
/// <c>Policy.Create(guard => guard.SwitchOff(Wall.UrlForm).LimitPermissions(...))</c>, from an assembly that sees internals.
/// The order of calls does not matter. Everything else of the policy stays as it is.
/// </remarks>
internal sealed class WallsOff
{
    private ulong _off;

    internal bool Any => _off != 0;

    internal void Add(Wall wall) => _off |= Bit(wall);

    /// <summary>Lets every wall stand again.</summary>
    internal void Clear() => _off = 0;

    internal bool Has(Wall wall) => (_off & Bit(wall)) != 0;

    public override string ToString() => string.Join(',', Enum.GetValues<Wall>().Where(Has));

    private static ulong Bit(Wall wall) => 1UL << (int)wall;
}
