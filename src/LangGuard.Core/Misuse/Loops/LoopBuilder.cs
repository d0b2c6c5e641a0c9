namespace LangGuard.Misuse;

/// <summary>Says when an agent counts as running in circles.</summary>
public sealed class LoopBuilder
{
    private readonly LoopOptions _options;

    internal LoopBuilder(LoopOptions options) => _options = options;

    /// <summary>How often the same call may be made among the last 128, on every surface.</summary>
    public LoopBuilder Repeats(int count)
    {
        _options.Repeats = count;
        return this;
    }

    /// <summary>How often calls that differ only in digits may be made among the last 128.</summary>
    public LoopBuilder Variations(int count)
    {
        _options.Variations = count;
        return this;
    }

    /// <summary>How often one operation may be denied before it is refused without a look.</summary>
    public LoopBuilder Denials(int count)
    {
        _options.Denials = count;
        return this;
    }

    /// <summary>How many operations of one kind may fail in a row.</summary>
    public LoopBuilder Errors(int count)
    {
        _options.Errors = count;
        return this;
    }

    /// <summary>How long a pause lasts.</summary>
    public LoopBuilder Pause(TimeSpan pause)
    {
        _options.Pause = pause;
        return this;
    }
}
