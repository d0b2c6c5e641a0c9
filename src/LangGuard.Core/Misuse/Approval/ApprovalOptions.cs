namespace LangGuard.Misuse;

/// <summary>Which operations a person must approve. Default: none.</summary>
public sealed class ApprovalOptions
{
    /// <summary>The effects that need approval on every surface, such as <see cref="Effects.Delete"/>. Default: none.</summary>
    public Effects Effects { get; set; }

    /// <summary>The functions that need approval, by exact name. Default: none.</summary>
    public ISet<string> Functions { get; } = new HashSet<string>(StringComparer.Ordinal);

    internal bool AsksForAnything => Effects != Effects.None || Functions.Count > 0;
}
