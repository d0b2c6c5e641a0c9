namespace LangGuard.Misuse;

/// <summary>Which operations a person must approve. Default: none.</summary>
internal sealed class ApprovalOptions
{
    /// <summary>The effects that need approval on every surface, such as <see cref="Effects.Delete"/>. Default: none.</summary>
    public Effects Effects { get; set; }

    /// <summary>The functions that need approval, by exact name. Default: none.</summary>
    public ISet<string> Functions { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>How long a request waits for a person, and an approval for its operation; from 1 second to 1 day. Default: 5
    /// minutes.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    internal bool AsksForAnything => Effects != Effects.None || Functions.Count > 0;
}
