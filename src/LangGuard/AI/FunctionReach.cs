using LangGuard.Permissions;

namespace LangGuard.AI;

/// <summary>Whether a function can be called at all: what lists functions and what calls them decide on this alike.</summary>
internal static class FunctionReach
{
    /// <summary>Why no call of a function can ever be allowed; null when the arguments decide.</summary>
    internal static Reason? Objection(GuardSession session, string name, FunctionPin pin)
    {
        if (!IsGranted(session.Policy, name))
        {
            // First, so that a name which nobody granted takes no place among the known ones.
            return FunctionReasons.NotGranted;
        }

        var shape = FunctionShape.Of(session.Policy, name);
        return shape.Pin is null || string.Equals(shape.Pin, pin.Hash, StringComparison.OrdinalIgnoreCase)
            ? session.Functions.Check(pin)
            : FunctionReasons.Changed;
    }

    /// <summary>Whether every set of permissions has something to say in favour of a function.</summary>
    internal static bool IsGranted(Policy policy, string name) => policy.PermissionSets.All(set => set.Layers.Any(layer =>
        layer is FunctionPermissionLayer functions
            ? functions.Find(name) is not null
            : ReachableSurfaces.IsHostsOwn(layer, Surface.Functions)));
}
