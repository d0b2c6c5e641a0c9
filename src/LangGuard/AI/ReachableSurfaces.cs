using LangGuard.Permissions;

namespace LangGuard.AI;

/// <summary>What a policy can ever allow, so that a model is offered nothing that is always denied. Only advice: every
/// call is decided on its own.</summary>
internal static class ReachableSurfaces
{
    private const int MaxLines = 20;

    internal static bool Http(Policy policy) => policy.PermissionSets.All(set => set.Layers.Any(layer => layer switch
    {
        HttpPermissionLayer http => http.Rules.Any(rule => !rule.IsDeny),
        _ => IsHostsOwn(layer, Surface.Http),
    }));

    internal static IReadOnlyList<string> Endpoints(Policy policy) =>
        [.. policy.PermissionSets.SelectMany(set => set.Layers).OfType<HttpPermissionLayer>()
            .SelectMany(layer => layer.Rules).Where(rule => !rule.IsDeny).Select(rule => WithoutClauses(rule.Text)).Distinct().Take(MaxLines)];

    /// <summary>The roots by the names that the agent sees.</summary>
    internal static IReadOnlyList<string> Roots(Policy policy) =>
        [.. policy.Options.LimitPermissions.Files.Keys.Order(StringComparer.Ordinal).Select(name => "/" + name)];

    /// <summary>Methods and URL; what follows are limits and the name of a credential.</summary>
    private static string WithoutClauses(string rule)
    {
        var url = rule.IndexOf("://", StringComparison.Ordinal);
        var end = url < 0 ? -1 : rule.IndexOf(' ', url);
        return end < 0 ? rule : rule[..end];
    }

    /// <summary>A layer of the host's own may allow anything that it covers.</summary>
    internal static bool IsHostsOwn(PermissionLayer layer, Surface surface) =>
        layer is WatchedPermissionLayer && layer.Covers(surface);
}
