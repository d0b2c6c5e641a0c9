using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>The built-in misuse layers.</summary>
internal static class MisuseLayers
{
    private const MisuseKinds All = MisuseKinds.LimitUsage | MisuseKinds.DetectLoops | MisuseKinds.RequireApproval
        | MisuseKinds.TrackUntrustedContent | MisuseKinds.KeepSecrets | MisuseKinds.PlantCanaries;

    internal static List<MisuseLayer> Compile(
        PolicyOptions policy, IReadOnlyList<PermissionLayer> permissions, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var options = policy.AnticipateMisuse;
        var scan = new OutgoingScan(
            options.KeepSecrets.Unguarded ? null : dependencies.Get<RedactorSet>()?.Values ?? [],
            [.. options.PlantCanaries.Values.Where(value => value.Length >= EncodedForms.MinLength)]);
        var reported = options.UnguardedReportOnly;
        if ((reported & ~All) != 0)
        {
            errors.Add("AnticipateMisuse:UnguardedReportOnly", reported.ToString(), "It names no layer.", "Use the names of the sections.");
        }

        var layers = new List<MisuseLayer> { new FreezeLayer(dependencies.Get<FreezeSwitch>()), new ResultMarkerLayer(), new ObstacleLayer() };
        Add(MisuseKinds.LimitUsage, UsageLayer.Compile(options.LimitUsage, dependencies.Get<IUsageStore>(), errors));
        Add(MisuseKinds.DetectLoops, LoopLayer.Compile(options.DetectLoops, errors));
        Add(MisuseKinds.RequireApproval, ApprovalLayer.Compile(options.RequireApproval, errors));
        if ((reported & MisuseKinds.RequireApproval) != 0)
        {
            // What a function says of itself is not the policy's to try out.
            layers.Add(ApprovalLayer.Compile(new ApprovalOptions { TimeToLive = options.RequireApproval.TimeToLive }, errors));
        }

        layers.Add(new MigrationLayer());
        if (!options.TrackUntrustedContent.Unguarded)
        {
            Add(MisuseKinds.TrackUntrustedContent, UntrustedContentLayer.Compile(policy, permissions, errors));
        }

        if (!options.KeepSecrets.Unguarded)
        {
            Add(MisuseKinds.KeepSecrets, new SecretLayer(scan));
        }

        if (CanaryLayer.Compile(options.PlantCanaries, policy.LimitPermissions.Files, scan, errors) is { } canaries)
        {
            Add(MisuseKinds.PlantCanaries, canaries);
        }

        return layers;

        void Add(MisuseKinds kind, MisuseLayer layer)
        {
            layer.IsReportOnly = (reported & kind) != 0;
            layers.Add(layer);
        }
    }
}
