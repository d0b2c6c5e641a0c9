using LangGuard.Permissions;

namespace LangGuard.Findings;

/// <summary>Findings about file permissions.</summary>
internal static class FileFindings
{
    private const FilePermissions Changing = FilePermissions.Create | FilePermissions.Modify | FilePermissions.Delete;

    private static readonly HashSet<string> Broad = new(StringComparer.Ordinal)
    {
        "/etc", "/home", "/root", "/usr", "/var", "/opt", "/srv", "/tmp", "/bin", "/sbin", "/lib", "/boot", "/dev", "/proc", "/sys", "/mnt", "/run",
    };

    internal static IEnumerable<Finding> Of(PolicyOptions options)
    {
        var roots = options.LimitPermissions.Files;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var (name, root) in roots)
        {
            var place = $"LimitPermissions:Files:{name}";
            var path = (root.Root ?? string.Empty).TrimEnd('/');
            if (path.Length > 0 && (Broad.Contains(path) || path == home))
            {
                yield return new("files.broad-root", FindingSeverity.Error, place,
                    "The root is a directory of the system or a home.", "Give a directory that holds only what the agent needs.");
            }

            foreach (var (other, second) in roots)
            {
                if (other != name && path.Length > 0
                    && (second.Root + "/").StartsWith(path + "/", StringComparison.Ordinal) && string.CompareOrdinal(name, other) < 0)
                {
                    yield return new("files.nested-roots", FindingSeverity.Warning, place,
                        $"The root holds the root '{other}', whose rules do not apply to it.", "Use separate directories.");
                }
            }

            foreach (var finding in OfRules(root, place))
            {
                yield return finding;
            }

            if (root.UnguardedSensitiveFiles.Count > 0)
            {
                yield return new("files.sensitive-unlocked", FindingSeverity.Warning, $"{place}:UnguardedSensitiveFiles",
                    "A sensitive file is open to the agent.", "Move what the agent needs into another file.");
            }

            if (options.DefendInDepth.Journal.Directory is null
                && root.Rules.Values.Any(rule => (rule.Allow & (FilePermissions.Modify | FilePermissions.Delete)) != 0))
            {
                yield return new("files.no-journal", FindingSeverity.Warning, place,
                    "Files can be changed and nothing can bring them back.", "Use DefendInDepth(defense => defense.KeepJournal(...)).");
            }
        }
    }

    private static IEnumerable<Finding> OfRules(FileRootOptions root, string place)
    {
        foreach (var (pattern, rule) in root.Rules)
        {
            var at = $"{place}:Rules:{pattern}";
            var isAll = pattern is "**" or "**/*" or "*";
            if (isAll && (rule.Allow & (FilePermissions.Create | FilePermissions.Modify)) != 0)
            {
                yield return new("files.writes-everything", FindingSeverity.Warning, at,
                    "The whole root can be written.", "Name the directories that the agent writes.");
            }

            if (isAll && (rule.Allow & FilePermissions.Delete) != 0)
            {
                yield return new("files.deletes-everything", FindingSeverity.Error, at,
                    "The whole root can be deleted.", "Name the directories in which the agent deletes.");
            }

            if ((rule.Allow & FilePermissions.Link) != 0)
            {
                yield return new("files.creates-links", FindingSeverity.Warning, at,
                    "The agent can create links.", "Leave links to the host.");
            }

            if (rule.Allow != FilePermissions.None && (rule.Allow & ~rule.Deny) == FilePermissions.None)
            {
                yield return new("files.dead-rule", FindingSeverity.Warning, at,
                    "The rule denies everything that it allows.", "Remove one of the two.");
            }

            if (rule.Allow != FilePermissions.None && root.Rules.Any(other =>
                other.Key is "**" && other.Key != pattern && (rule.Allow & ~other.Value.Deny) == FilePermissions.None))
            {
                yield return new("files.shadowed-rule", FindingSeverity.Warning, at,
                    "A denial of the whole root takes away what the rule allows.", "Remove the rule or narrow the denial.");
            }

            if (rule.Trusted && (rule.Allow & Changing) != 0)
            {
                yield return new("files.trusted-and-writable", FindingSeverity.Error, at,
                    "What the agent writes counts as trusted when it is read.", "Trust only what the agent can not write.");
            }

            if (rule.DenyContent == FileContentKinds.None && (rule.Allow & Changing) != 0)
            {
                yield return new("files.writes-programs", FindingSeverity.Warning, at,
                    "Programs can be written.", "Deny content of kind Program.");
            }
        }
    }
}
