namespace LangGuard.Permissions;

/// <summary>Permissions of the Http surface.</summary>
internal sealed class HttpPermissionLayer : PermissionLayer
{
    private static readonly Reason NotGranted = new("http.not-granted", "No permission covers this operation.");

    public override string Name => "http.permissions";

    public override bool Covers(Surface surface) => surface == Surface.Http;

    public override Decision Decide(Operation operation) => Decision.NotGranted(NotGranted);

    internal static HttpPermissionLayer Compile(
        IDictionary<string, HttpRuleOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        _ = options;
        _ = dependencies;
        _ = errors;
        return new HttpPermissionLayer();
    }
}
