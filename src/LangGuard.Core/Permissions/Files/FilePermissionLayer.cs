using LangGuard.Files;

namespace LangGuard.Permissions;

/// <summary>
/// Permissions of the Files surface. A name is looked at as requested and as resolved, and both need an allow; a denial
/// of either, of a further name of the same file, or of anything in a tree that is moved or deleted, denies.
/// </summary>
internal sealed class FilePermissionLayer : PermissionLayer
{
    private readonly Dictionary<string, FileRuleIndex> _roots;

    private FilePermissionLayer(Dictionary<string, FileRuleIndex> roots) => _roots = roots;

    public override string Name => "files.permissions";

    /// <summary>The roots, with the verbs that any rule allows in them.</summary>
    internal IEnumerable<KeyValuePair<string, FilePermissions>> Reach =>
        _roots.Select(root => new KeyValuePair<string, FilePermissions>(root.Key, root.Value.Reach));

    public override bool Covers(Surface surface) => surface == Surface.Files;

    public override Decision Decide(Operation operation)
    {
        if (operation is not FileOperation file)
        {
            return Decision.Abstain;
        }

        Reason? refusal = Check(in file.First, out FileGrant? grant);
        if (refusal is null && file.HasSecond)
        {
            refusal = Check(in file.Second, out FileGrant? second);
            grant = refusal is null ? (FileGrant)grant!.Intersect(second!) : null;
        }

        if (refusal is null)
        {
            return Decision.Allow(grant!);
        }

        return ReferenceEquals(refusal, FileReasons.NotGranted) ? Decision.NotGranted(refusal) : Decision.Deny(refusal);
    }

    internal static FilePermissionLayer Compile(
        IDictionary<string, FileRootOptions> options, PolicyDependencies dependencies, PolicyErrors errors) =>
        new(FileRootCompiler.Compile(options, dependencies.Get<ProtectedPaths>(), dependencies.Off, errors));

    private Reason? Check(in FileTarget target, out FileGrant? grant)
    {
        grant = null;
        if (!_roots.TryGetValue(target.Root, out FileRuleIndex? index)
            || (target.Anchor is { } anchor && !ReferenceEquals(anchor, index.Anchor)
                && !string.Equals(anchor, index.Anchor, StringComparison.Ordinal)))
        {
            return FileReasons.OutsideRoot;
        }

        grant = index.Allow(target.ResolvedPath, target.Permissions);
        bool isSame = ReferenceEquals(target.Path, target.ResolvedPath)
            || string.Equals(target.Path, target.ResolvedPath, StringComparison.Ordinal);
        if (grant is not null && !isSame)
        {
            grant = index.Allow(target.Path, target.Permissions) is { } requested
                ? (FileGrant)grant.Intersect(requested)
                : null;
        }

        if (grant is null)
        {
            return FileReasons.NotGranted;
        }

        return index.Deny(target.ResolvedPath, target.Permissions)
            ?? (isSame ? null : index.Deny(target.Path, target.Permissions))
            ?? CheckFurtherNames(in target, index)
            ?? target.Obstacle
            ?? index.Refusal(in target);
    }

    private static Reason? CheckFurtherNames(in FileTarget target, FileRuleIndex index)
    {
        if (target.OtherNames is { } others)
        {
            foreach (string name in others)
            {
                if (index.Deny(name, target.Permissions) is { } reason)
                {
                    return reason;
                }
            }
        }

        if (target.Contents is { } contents)
        {
            foreach (string name in contents)
            {
                if (index.Allow(name, target.Permissions) is null)
                {
                    return FileReasons.NotGranted;
                }

                if (index.Deny(name, target.Permissions) is { } reason)
                {
                    return reason;
                }
            }
        }

        return null;
    }
}
