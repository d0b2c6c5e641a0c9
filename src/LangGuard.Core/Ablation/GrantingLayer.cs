using LangGuard.Permissions;

namespace LangGuard.Ablation;

/// <summary>A permission layer that is off: it grants what the layer grants where that allows, and everything else too.</summary>
internal sealed class GrantingLayer(PermissionLayer layer) : PermissionLayer
{
    private static readonly Grant Files = new FileGrant(
        Enum.GetValues<FilePermissions>().Aggregate(FilePermissions.None, (all, one) => all | one), FileLimits.Default)
    {
        CoversTree = true,
    };

    private static readonly Grant Http = new HttpGrant("any", HttpLimits.Default, [], null, trusted: false);
    private static readonly Grant Functions = new FunctionGrant(trusted: false);

    public override string Name => layer.Name;

    public override bool Covers(Surface surface) => layer.Covers(surface);

    public override Decision Decide(Operation operation) => layer.Decide(operation) is { Kind: DecisionKind.Allow } allowed
        ? allowed
        : GrantFor(operation) is { } grant ? Decision.Allow(grant) : Decision.Abstain;

    private Grant? GrantFor(Operation operation) => operation switch
    {
        FileOperation => Files,
        HttpOperation => (layer as HttpPermissionLayer)?.Rules.FirstOrDefault(rule => !rule.IsDeny)?.Grant ?? Http,
        FunctionOperation => Functions,
        DatabaseOperation statement => (layer as DatabasePermissionLayer)?.GrantOf(statement.Database),
        _ => null,
    };
}
