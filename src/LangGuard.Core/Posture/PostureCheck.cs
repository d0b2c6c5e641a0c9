namespace LangGuard.Posture;

/// <summary>A built-in check.</summary>
internal sealed class PostureCheck(string id, Func<HostPosture, PostureResult> check) : IPostureCheck
{
    public string Id => id;

    public PostureResult Check(HostPosture host) => check(host);
}
