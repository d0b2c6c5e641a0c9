namespace LangGuard;

/// <summary>The permissions of one owner: an operation is covered when any layer allows it and none denies.</summary>
internal sealed class PermissionSet
{
    private readonly PermissionLayer[][] _bySurface;

    internal PermissionSet(IReadOnlyList<PermissionLayer> layers)
    {
        Layers = layers;
        _bySurface = new PermissionLayer[4][];
        for (var surface = 0; surface < _bySurface.Length; surface++)
        {
            _bySurface[surface] = [.. layers.Where(layer => layer.Covers((Surface)surface))];
        }
    }

    internal IReadOnlyList<PermissionLayer> Layers { get; }

    internal Decision Decide(Operation operation)
    {
        Reason? missing = null;
        Grant? grant = null;
        try
        {
            foreach (var layer in _bySurface[(int)operation.Surface])
            {
                var vote = layer.Decide(operation);
                switch (vote.Kind)
                {
                    case DecisionKind.Abstain:
                        missing ??= vote.Reason;
                        break;
                    case DecisionKind.Allow when vote.Grant is { } granted && granted.Surface == operation.Surface:
                        grant = grant is null ? granted : grant.Intersect(granted);
                        break;
                    case DecisionKind.Deny:
                        return vote;
                    default:
                        return Decision.Deny(Reasons.InvalidVote);
                }
            }
        }
        catch (Exception)
        {
            // A layer that fails must not open the way for the ones after it.
            return Decision.Deny(Reasons.LayerFault);
        }

        return grant is null ? Decision.Deny(missing ?? Reasons.NothingGranted) : Decision.Allow(grant);
    }
}
