using LangGuard.Posture;

namespace LangGuard;

/// <content>Adds posture checks.</content>
public static partial class DefenseExtensions
{
    /// <summary>Says what the environment must give: a sandbox, no root rights, a read-only root file system and so on.
    /// Without this, every check is still made and reported.</summary>
    public static DefenseBuilder CheckPosture(this DefenseBuilder defense, Action<PostureBuilder> posture)
    {
        ArgumentNullException.ThrowIfNull(defense);
        ArgumentNullException.ThrowIfNull(posture);
        posture(new PostureBuilder(defense.Policy));
        return defense;
    }

    /// <summary>What the environment gives and what it does not, looked at now.</summary>
    public static IReadOnlyList<PostureResult> CheckPosture(this Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return PostureChecks.Run(policy.Options, policy.Dependencies);
    }
}
