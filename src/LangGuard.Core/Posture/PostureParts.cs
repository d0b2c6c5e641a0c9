namespace LangGuard.Posture;

/// <summary>The checks of the host's own, and what they look at, collected while a policy is built.</summary>
internal sealed class PostureParts
{
    internal List<IPostureCheck> Checks { get; } = [];

    /// <summary>Another host than this one, for tests.</summary>
    internal HostPosture? Host { get; set; }
}
