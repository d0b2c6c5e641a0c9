using LangGuard.Permissions;

namespace LangGuard.AI;

/// <summary>What the policy says of a function apart from the decision: its effects and the arguments it lists.</summary>
internal sealed record FunctionShape(Policy Policy, Effects Effects, ListedArgument[]? Listed, string? Pin)
{
    /// <summary>Over several sets of permissions the effects add up, and no set's list counts alone.</summary>
    internal static FunctionShape Of(Policy policy, string name)
    {
        var effects = Effects.None;
        ListedArgument[]? listed = null;
        string? pin = null;
        var found = 0;
        foreach (var set in policy.PermissionSets)
        {
            if (Find(set, name) is { } function)
            {
                effects |= function.Effects;
                listed = function.Listed;
                pin ??= function.Pin;
                found++;
            }
            else
            {
                effects = Effects.All;
            }
        }

        return new(policy, effects == Effects.None ? Effects.All : effects, found == 1 ? listed : null, pin);
    }

    private static CompiledFunction? Find(PermissionSet set, string name)
    {
        foreach (var layer in set.Layers)
        {
            if (layer is FunctionPermissionLayer functions)
            {
                return functions.Find(name);
            }
        }

        return null;
    }
}
