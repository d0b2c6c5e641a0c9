namespace LangGuard.Redaction;

/// <summary>How results are shaped before a model sees them. Platform APIs always return the true bytes.</summary>
internal sealed class ToolResultOptions
{
    /// <summary>The longest result, in characters; from 256 to 10 000 000. What is left out is said. Default: 64 000.</summary>
    public int MaxCharacters { get; set; } = 64_000;

    /// <summary>Whether content that nobody vouches for reaches the model without the marks that say so. Default: no.</summary>
    public bool UnguardedUnmarkedContent { get; set; }
}
