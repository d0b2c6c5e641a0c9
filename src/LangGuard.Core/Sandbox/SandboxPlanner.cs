using LangGuard.Data;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Sandbox;

/// <summary>Reads from a policy what a sandbox has to show.</summary>
internal static class SandboxPlanner
{
    private const FilePermissions Reading = FilePermissions.List | FilePermissions.Read;

    internal static SandboxPlan Plan(Policy policy)
    {
        var mounts = new SortedDictionary<string, SandboxMount>(StringComparer.Ordinal);
        var options = policy.Options;
        foreach (var (name, root) in options.LimitPermissions.Files)
        {
            Add(mounts, root.Root, root.Rules.Values.All(rule => (rule.Allow & ~Reading) == 0), $"root '{name}'");
        }

        Add(mounts, options.DefendInDepth.Audit.Folder, isReadOnly: false, "audit");
        Add(mounts, options.DefendInDepth.Journal.Directory, isReadOnly: false, "journal");
        var hasServer = false;
        foreach (var (name, database) in options.LimitPermissions.Database)
        {
            var file = policy.Dependencies.Get<DatabaseEngines>()?.Find(name)?.File;
            hasServer |= file is null;

            // The directory: an engine keeps its journal and its lock beside the file.
            Add(mounts, Path.GetDirectoryName(file), !database.Writes, $"database '{name}'");
        }

        return new SandboxPlan(policy.Name, [.. mounts.Values], NetworkOf(policy, hasServer));
    }

    private static SandboxNetwork NetworkOf(Policy policy, bool hasServer) =>
        policy.Options.LimitPermissions.Http.Count > 0 && policy.Dependencies.Get<EgressOptions>()?.Proxy is null ? SandboxNetwork.Open
        : hasServer || policy.Options.LimitPermissions.Http.Count > 0 ? SandboxNetwork.Internal
        : SandboxNetwork.None;

    private static void Add(SortedDictionary<string, SandboxMount> mounts, string? path, bool isReadOnly, string purpose)
    {
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        mounts[path] = mounts.TryGetValue(path, out var other)
            ? new SandboxMount(path, other.IsReadOnly && isReadOnly, $"{other.Purpose}, {purpose}")
            : new SandboxMount(path, isReadOnly, purpose);
    }
}
