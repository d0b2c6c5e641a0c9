namespace LangGuard.Posture;

/// <summary>Looks at one property of the environment that holds when everything else fails. The extension point for
/// checks of the host's own.</summary>
/// <remarks>Runs once when a policy is built. A check that throws has not passed.</remarks>
public interface IPostureCheck
{
    /// <summary>A stable id, <c>posture.kebab-case</c>.</summary>
    string Id { get; }

    /// <summary>Looks.</summary>
    /// <param name="host">What the kernel says of this process, and what the policy says of its places.</param>
    PostureResult Check(HostPosture host);
}
