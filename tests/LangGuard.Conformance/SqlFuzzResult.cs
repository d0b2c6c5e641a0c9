namespace LangGuard.Conformance;

/// <summary>What a run of fuzzing found.</summary>
/// <param name="oracle">What the inspector was compared with.</param>
public sealed class SqlFuzzResult(string oracle)
{
    public string Oracle { get; } = oracle;

    public int Texts { get; internal set; }

    public int Accepted { get; internal set; }

    public int Compared { get; internal set; }

    /// <summary>Texts in which the engine saw what the inspector did not.</summary>
    public IList<(string Text, string Missed)> Missed { get; } = [];
}
