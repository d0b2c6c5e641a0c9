namespace LangGuard.Misuse;

/// <summary>When an agent counts as running in circles. The window is the last 128 operations of the session tree.</summary>
internal sealed class LoopOptions
{
    /// <summary>How often the same call may be made in the window, also with others in between; 1 to 128. Null, the default:
    /// 100 times for functions and HTTP requests that change something, without limit for reads, files and databases.</summary>
    public int? Repeats { get; set; }

    /// <summary>How often calls that differ only in their digits may be made in the window; 1 to 128. Null, the default: without
    /// limit, because pages differ in their number.</summary>
    public int? Variations { get; set; }

    /// <summary>How often the same operation may be denied before it is refused without a look for <see cref="Pause"/>; 1 to 64.
    /// Default: 8.</summary>
    public int Denials { get; set; } = 8;

    /// <summary>How many operations of one kind may fail in a row before that kind pauses; 1 or more. Files are not
    /// counted: a missing file is an answer. Default: 100.</summary>
    public int Errors { get; set; } = 100;

    /// <summary>How long a pause lasts; positive. Default: 30 seconds.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(30);
}
