namespace LangGuard.Benchmarks;

/// <summary>A guarded call and its unguarded pendant, ready to run, with what has to be cleaned up after them.</summary>
internal sealed class Pair(Work? unguarded, Work guarded, Action close) : IDisposable
{
    public Pair(Action? unguarded, Action guarded, Action close)
        : this(unguarded is null ? null : new Work(unguarded), new Work(guarded), close)
    {
    }

    public Work? Unguarded => unguarded;

    public Work Guarded => guarded;

    /// <summary>Runs after each batch, unmeasured.</summary>
    public Action? Between { get; init; }

    public void Dispose() => close();
}
