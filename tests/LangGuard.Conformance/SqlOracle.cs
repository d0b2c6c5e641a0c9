using LangGuard.Data;

namespace LangGuard.Conformance;

/// <summary>An engine that says what a text really is.</summary>
internal abstract class SqlOracle : IDisposable
{
    /// <summary>The schema that both read texts against.</summary>
    public abstract SqlSchema Schema { get; }

    /// <summary>What the engine sees in an accepted text and the facts do not say; null when there is nothing.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="facts">What the inspector found.</param>
    /// <param name="isComparable">Whether the engine understood the text at all.</param>
    public abstract string? Missed(string sql, SqlFacts facts, out bool isComparable);

    public abstract void Dispose();
}
