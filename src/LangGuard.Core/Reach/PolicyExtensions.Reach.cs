using LangGuard.Reach;

namespace LangGuard;

/// <content>Explains what a policy lets an agent do at worst.</content>
public static partial class PolicyExtensions
{
    /// <summary>The worst that the policy lets its agent do, for review and for comparison with another version.</summary>
    public static ReachReport ExplainReach(this Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var custom = policy.PermissionSets.SelectMany(set => set.Layers).OfType<WatchedPermissionLayer>().Select(layer => layer.Name).ToList();
        return new ReachBuilder(policy.Options, custom).Build(policy.Name);
    }
}
