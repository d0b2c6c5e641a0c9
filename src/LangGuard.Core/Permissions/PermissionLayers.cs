namespace LangGuard.Permissions;

/// <summary>The four built-in permission layers, one for each surface.</summary>
internal static class PermissionLayers
{
    internal static List<PermissionLayer> Compile(
        PermissionOptions options, PolicyDependencies dependencies, PolicyErrors errors) =>
    [
        FilePermissionLayer.Compile(options.Files, dependencies, errors),
        HttpPermissionLayer.Compile(options.Http, dependencies, errors, options.Credentials),
        DatabasePermissionLayer.Compile(options.Database, dependencies, errors),
        FunctionPermissionLayer.Compile(options.Functions, dependencies, errors),
    ];
}
