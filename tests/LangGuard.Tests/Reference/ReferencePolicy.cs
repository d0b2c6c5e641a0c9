namespace LangGuard.Tests.Reference;

/// <summary>The slow and obvious evaluator that the engine is compared with: collect every vote of every layer, then
/// apply the sentence of the specification word by word.</summary>
/// <param name="PermissionSets">Each set is a list of layers; each layer maps the operation's number to a behaviour.</param>
/// <param name="MisuseLayers">Each layer maps the operation's number to a behaviour.</param>
internal sealed record ReferencePolicy(LayerBehaviour[][][] PermissionSets, LayerBehaviour[][] MisuseLayers)
{
    /// <summary>An operation runs when a permission of every set allows it and no layer objects; the strictest vote wins.</summary>
    internal DecisionKind Decide(int operation)
    {
        var permissionVotes = PermissionSets
            .Select(set => set.Select(layer => PermissionVote(layer[operation])).ToList()).ToList();
        var objections = MisuseLayers.Select(layer => MisuseVote(layer[operation])).ToList();

        var everySetAllows = permissionVotes.Count > 0
            && permissionVotes.TrueForAll(set => set.Contains(DecisionKind.Allow));
        var anyPermissionDenies = permissionVotes.Exists(set => set.Contains(DecisionKind.Deny));
        var anyObjection = objections.Contains(DecisionKind.Deny);

        if (!everySetAllows || anyPermissionDenies || anyObjection)
        {
            return DecisionKind.Deny;
        }

        return objections.Contains(DecisionKind.Ask) ? DecisionKind.Ask : DecisionKind.Allow;
    }

    private static DecisionKind PermissionVote(LayerBehaviour behaviour) => behaviour switch
    {
        LayerBehaviour.Abstain => DecisionKind.Abstain,
        LayerBehaviour.Allow => DecisionKind.Allow,
        _ => DecisionKind.Deny,
    };

    private static DecisionKind MisuseVote(LayerBehaviour behaviour) => behaviour switch
    {
        LayerBehaviour.Abstain or LayerBehaviour.Allow => DecisionKind.Abstain,
        LayerBehaviour.Ask => DecisionKind.Ask,
        _ => DecisionKind.Deny,
    };
}
