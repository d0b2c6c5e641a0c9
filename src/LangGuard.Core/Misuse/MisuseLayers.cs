using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>The built-in misuse layers.</summary>
internal static class MisuseLayers
{
    internal static List<MisuseLayer> Compile(
        MisuseOptions options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        _ = dependencies;
        _ = errors;
        return [new FreezeLayer(), new ResultMarkerLayer(), new ApprovalLayer(options.RequireApproval)];
    }
}
