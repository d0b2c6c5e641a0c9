using LangGuard.Files;
using LangGuard.Permissions;

namespace LangGuard.Auditing;

/// <summary>Opens the audit file of a policy when it is built, after checking that no root shares its place.</summary>
internal static class AuditFiles
{
    private const string Setting = "DefendInDepth:Audit:Folder";

    internal static void Validate(PolicyOptions options, PolicyErrors errors, MountTable? mounts = null)
    {
        if (options.DefendInDepth.Audit.Folder is not { } folder)
        {
            return;
        }

        if (!Path.IsPathFullyQualified(folder))
        {
            errors.Add(Setting, folder, "It is not an absolute path.", "Name the folder from the root.");
            return;
        }

        var place = RealPath.Of(folder);
        mounts ??= MountTable.Read();
        foreach (var (name, root) in options.LimitPermissions.Files)
        {
            if (root.Root is { } path && Path.IsPathFullyQualified(path) && Shares(RealPath.Of(path), place, mounts))
            {
                errors.Add(
                    Setting, folder, $"It shares its place with the root '{name}', whose content an agent can reach.",
                    "Keep the audit in a folder outside every root that holds no root.");
            }
        }
    }

    internal static IAuditSink? Open(
        PolicyOptions options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var audit = options.DefendInDepth.Audit;
        if (audit.Folder is null)
        {
            return null;
        }

        try
        {
            var parts = dependencies.Get<AuditFileParts>();
            return new AuditFile(audit, parts?.Key, parts?.OnCheckpoint, dependencies.TimeProvider);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.Add(Setting, audit.Folder, failure.Message, "Give the audit a folder of its own that this process can write.");
            return null;
        }
    }

    /// <summary>Opens the tables of databases that a policy records in.</summary>
    internal static void OpenTables(PolicyOptions options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        var parts = dependencies.Get<AuditFileParts>();
        foreach (var table in parts?.Tables ?? [])
        {
            try
            {
#pragma warning disable CA2000 // The policy owns its sinks for as long as it lives.
                dependencies.Add(new AuditTableSink(table.Name, table.Open, options.DefendInDepth.Audit, new AuditFileSettings
                {
                    Key = parts!.Key,
                    OnCheckpoint = parts.OnCheckpoint,
                    TimeProvider = dependencies.TimeProvider,
                }));
#pragma warning restore CA2000
            }
            catch (AuditUnavailableException failure)
            {
                errors.Add("DefendInDepth:Audit", null, failure.Message, "Give the audit a database of its own that only this process writes.");
            }
        }
    }

    /// <summary>By name, or because a mount beneath the root shows the place.</summary>
    private static bool Shares(string root, string place, MountTable mounts) =>
        Overlap(root, place) || mounts.Shows(new HostPath(root), new HostPath(place));

    private static bool Overlap(string one, string other) => IsIn(one, other) || IsIn(other, one);

    private static bool IsIn(string path, string folder) =>
        path.Equals(folder, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(
            Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.OrdinalIgnoreCase);
}
