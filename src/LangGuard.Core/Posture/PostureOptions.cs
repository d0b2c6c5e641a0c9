namespace LangGuard.Posture;

/// <summary>What the environment must give.</summary>
internal sealed class PostureOptions
{
    /// <summary>The ids of checks without which the policy is not built; <c>*</c> for all. Default: none, all are only
    /// reported.</summary>
    public ISet<string> Require { get; } = new HashSet<string>(StringComparer.Ordinal);
}
