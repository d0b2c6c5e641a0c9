namespace LangGuard;

/// <summary>A decision with every vote that led to it.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Votes">One entry for each layer that covers the surface.</param>
public sealed record Explanation(Decision Decision, IReadOnlyList<LayerVote> Votes)
{
    /// <inheritdoc />
    public override string ToString() => $"{Decision}{Environment.NewLine}{string.Join(Environment.NewLine, Votes)}";
}
