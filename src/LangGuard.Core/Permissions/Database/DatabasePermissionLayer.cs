namespace LangGuard.Permissions;

/// <summary>Permissions of the Database surface.</summary>
internal sealed class DatabasePermissionLayer : PermissionLayer
{
    private static readonly Reason NotGranted = new("database.not-granted", "No permission covers this operation.");

    public override string Name => "database.permissions";

    public override bool Covers(Surface surface) => surface == Surface.Database;

    public override Decision Decide(Operation operation) => Decision.NotGranted(NotGranted);

    internal static DatabasePermissionLayer Compile(
        IDictionary<string, DatabaseOptions> options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        _ = options;
        _ = dependencies;
        _ = errors;
        return new DatabasePermissionLayer();
    }
}
