namespace LangGuard.Permissions;

/// <summary>Permissions of the Files surface.</summary>
internal sealed class FilePermissionLayer : PermissionLayer
{
    private static readonly Reason NotGranted = new("files.not-granted", "No permission covers this operation.");

    public override string Name => "files.permissions";

    public override bool Covers(Surface surface) => surface == Surface.Files;

    public override Decision Decide(Operation operation) => Decision.NotGranted(NotGranted);

    internal static FilePermissionLayer Compile(
        IDictionary<string, FileRootOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        _ = options;
        _ = dependencies;
        _ = errors;
        return new FilePermissionLayer();
    }
}
