using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>The built-in misuse layers.</summary>
internal static class MisuseLayers
{
    internal static List<MisuseLayer> Compile(PolicyOptions policy, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var options = policy.AnticipateMisuse;
        var layers = new List<MisuseLayer>
        {
            new FreezeLayer(dependencies.Get<FreezeSwitch>()),
            new ResultMarkerLayer(),
            UsageLayer.Compile(options.LimitUsage, errors),
            LoopLayer.Compile(options.DetectLoops, errors),
            ApprovalLayer.Compile(options.RequireApproval, errors),
            new MigrationLayer(),
        };
        if (!options.TrackUntrustedContent.Unguarded)
        {
            layers.Add(UntrustedContentLayer.Compile(policy, dependencies, errors));
        }

        if (!options.KeepSecrets.Unguarded)
        {
            layers.Add(SecretLayer.Compile(dependencies));
        }

        if (CanaryLayer.Compile(options.PlantCanaries, errors) is { } canaries)
        {
            layers.Add(canaries);
        }

        return layers;
    }
}
