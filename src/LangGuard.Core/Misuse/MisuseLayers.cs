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
        var layers = new List<MisuseLayer> { new FreezeLayer(), new ResultMarkerLayer() };
        if (options.RequireApproval.AsksForAnything)
        {
            layers.Add(new ApprovalLayer(options.RequireApproval));
        }

        return layers;
    }
}
