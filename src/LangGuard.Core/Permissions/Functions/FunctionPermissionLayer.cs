namespace LangGuard.Permissions;

/// <summary>Permissions of the Functions surface.</summary>
internal sealed class FunctionPermissionLayer : PermissionLayer
{
    private static readonly Reason NotGranted = new(
        "functions.not-granted", "This function is not granted.", Retry.No,
        "LimitPermissions(allow => allow.Function(\"{resource}\", ...))");

    public override string Name => "functions.permissions";

    public override bool Covers(Surface surface) => surface == Surface.Functions;

    public override Decision Decide(Operation operation) => Decision.NotGranted(NotGranted);

    internal static FunctionPermissionLayer Compile(
        IDictionary<string, FunctionOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        _ = options;
        _ = dependencies;
        _ = errors;
        return new FunctionPermissionLayer();
    }
}
