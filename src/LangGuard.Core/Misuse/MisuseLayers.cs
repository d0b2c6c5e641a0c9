using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>The built-in misuse layers.</summary>
internal static class MisuseLayers
{
    internal static List<MisuseLayer> Compile(
        PolicyOptions policy, IReadOnlyList<PermissionLayer> permissions, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var options = policy.AnticipateMisuse;
        var scan = new OutgoingScan(
            options.KeepSecrets.Unguarded ? null : dependencies.Get<RedactorSet>()?.Values ?? [],
            [.. options.PlantCanaries.Values.Where(value => value.Length >= EncodedForms.MinLength)]);
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
            layers.Add(UntrustedContentLayer.Compile(policy, permissions, errors));
        }

        if (!options.KeepSecrets.Unguarded)
        {
            layers.Add(new SecretLayer(scan));
        }

        if (CanaryLayer.Compile(options.PlantCanaries, scan, errors) is { } canaries)
        {
            layers.Add(canaries);
        }

        return layers;
    }
}
