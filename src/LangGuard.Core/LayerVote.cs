namespace LangGuard;

/// <summary>What one layer said.</summary>
/// <param name="Layer">The name of the layer.</param>
/// <param name="Vote">Its vote: <c>Allow</c>, <c>Deny</c>, <c>Ask</c>, <c>Abstain</c>, <c>None</c> or <c>Fault</c>.</param>
/// <param name="Reason">Why, where the layer says so.</param>
public sealed record LayerVote(string Layer, string Vote, Reason? Reason)
{
    /// <inheritdoc />
    public override string ToString() => Reason is null ? $"{Layer}: {Vote}" : $"{Layer}: {Vote} - {Reason}";

    internal static LayerVote Of(PermissionLayer layer, Operation operation)
    {
        try
        {
            var vote = layer.Decide(operation);
            return new(layer.Name, vote.Kind.ToString(), vote.Reason);
        }
        catch (Exception)
        {
            return new(layer.Name, "Fault", Reasons.LayerFault);
        }
    }

    internal static LayerVote Of(MisuseLayer layer, Operation operation, GuardSession session)
    {
        try
        {
            var objection = layer.Review(operation, session);
            return new(layer.Name, objection.Kind.ToString(), objection.Reason);
        }
        catch (Exception)
        {
            return new(layer.Name, "Fault", Reasons.LayerFault);
        }
    }
}
