using LangGuard.Data;
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

    /// <summary>The verbs that the policy can allow in any root.</summary>
    internal static FilePermissions Files(Policy policy)
    {
        var reach = ~FilePermissions.None;
        foreach (var set in policy.PermissionSets)
        {
            var ofSet = FilePermissions.None;
            foreach (var layer in set.Layers)
            {
                ofSet |= layer is FilePermissionLayer files
                    ? files.Reach.Aggregate(FilePermissions.None, (verbs, root) => verbs | root.Value)
                    : IsHostsOwn(layer, Surface.Files) ? ~FilePermissions.None : FilePermissions.None;
            }

            reach &= ofSet;
        }

        return policy.Options.LimitPermissions.Files.Count == 0 ? FilePermissions.None : reach;
    }

    /// <summary>The roots by the names that the agent sees.</summary>
    internal static IReadOnlyList<string> Roots(Policy policy) =>
        [.. policy.Options.LimitPermissions.Files.Keys
            .Where(name => policy.PermissionSets.All(set => set.Layers.Any(layer => layer is FilePermissionLayer files
                ? files.Reach.Any(root => root.Key == name && root.Value != FilePermissions.None)
                : IsHostsOwn(layer, Surface.Files))))
            .Order(StringComparer.Ordinal).Select(name => "/" + name)];

    /// <summary>The patterns of those roots with their verbs.</summary>
    internal static IReadOnlyList<string> FileScopes(Policy policy) =>
        [.. Roots(policy)
            .SelectMany(root => policy.Options.LimitPermissions.Files[root[1..]].Rules
                .Where(rule => rule.Value.Allow != FilePermissions.None)
                .Select(rule => $"{root}/{rule.Key}: {rule.Value.Allow}"))
            .Take(MaxLines)];

    /// <summary>The databases that have a source, and a table on which any of the verbs is granted.</summary>
    internal static IReadOnlyList<string> Databases(Policy policy, DatabasePermissions verbs) =>
        [.. policy.Options.LimitPermissions.Database
            .Where(database => database.Value.Tables.Values.Any(table => (table.Allow & verbs) != 0)
                && policy.Dependencies.Get<DatabaseEngines>()?.Find(database.Key) is not null)
            .Select(database => database.Key).Order(StringComparer.Ordinal)];

    /// <summary>The databases that have a source, and a migration.</summary>
    internal static IReadOnlyList<string> Migrations(Policy policy) =>
        [.. policy.Options.LimitPermissions.Database
            .Where(database => database.Value.Migrations.Count > 0
                && policy.Dependencies.Get<DatabaseEngines>()?.Find(database.Key) is not null)
            .Select(database => database.Key).Order(StringComparer.Ordinal)];

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
