using LangGuard.Ablation;
using LangGuard.Files;

namespace LangGuard.Permissions;

/// <summary>Validates the roots of a policy, opens them, and compiles their rules. Reports every error.</summary>
internal static class FileRootCompiler
{
    private const int NameLimit = 64;

    public static Dictionary<string, FileRuleIndex> Compile(
        IDictionary<string, FileRootOptions> options, ProtectedPaths? protectedPaths, WallsOff off, PolicyErrors errors)
    {
        string[] guarded = [.. protectedPaths?.All ?? []];
        ProtectedIdentities identities = new(off.Has(Wall.ProtectedFiles) ? [] : guarded);
        Dictionary<string, FileRuleIndex> roots = new(StringComparer.Ordinal);
        foreach ((string name, FileRootOptions root) in options)
        {
            string path = $"LimitPermissions:Files:{name}";
            ValidateName(name, path, errors);
            ValidateRules(root, path, errors);
            if (Open(name, root, identities, path, off, errors) is not { } opened)
            {
                continue;
            }

            RefuseOverlap(opened, guarded, path, errors);
            root.Opened = opened;
            roots[name] = new FileRuleIndex(opened, root, OwnProgram(opened), !off.Has(Wall.SensitiveFiles));
        }

        return roots;
    }

    private static void ValidateName(string name, string path, PolicyErrors errors)
    {
        if (name.Length > NameLimit || name is "." or ".."
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || name.EndsWith('.'))
        {
            errors.Add(
                path, name, "The name of a root is the first part of the names that the agent uses.",
                "Use up to 64 letters, digits, '-', '_' and '.', not ending in '.'.");
        }
    }

    private static void ValidateRules(FileRootOptions root, string path, PolicyErrors errors)
    {
        FileLimits.Validate(root.Limits, path, errors);
        foreach ((string pattern, FileRuleOptions rule) in root.Rules)
        {
            string rulePath = $"{path}:Rules:{pattern}";
            if (!Glob.TryParse(pattern, out _, out string problem))
            {
                errors.Add(rulePath, pattern, problem, "Write it like 'docs/**' or '**/*.md'.");
            }

            if (rule.Allow == FilePermissions.None && rule.Deny == FilePermissions.None)
            {
                errors.Add(rulePath, null, "The rule neither allows nor denies anything.", "Set Allow or Deny, or remove it.");
            }

            FileLimits.Validate(rule.Limits, rulePath, errors);
            foreach (string extension in rule.WriteExtensions.Where(extension => !extension.StartsWith('.')))
            {
                errors.Add($"{rulePath}:WriteExtensions", extension, "An extension starts with a dot.", "Write it like '.md'.");
            }
        }

        foreach (string name in root.UnguardedSensitiveFiles.Keys)
        {
            if (!Glob.TryParse(name, out Glob? glob, out string problem) || !glob!.IsLiteral)
            {
                errors.Add(
                    $"{path}:UnguardedSensitiveFiles", name, problem.Length > 0 ? problem : "A sensitive file is unlocked by name.",
                    "Give the exact name relative to the root, without '*' and '?'.");
            }
        }
    }

    private static FileRoot? Open(
        string name, FileRootOptions options, ProtectedIdentities identities, string path, WallsOff off, PolicyErrors errors)
    {
        if (string.IsNullOrWhiteSpace(options.Root))
        {
            errors.Add($"{path}:Root", options.Root, "The directory is missing.", "Give an absolute path of a directory.");
            return null;
        }

        string? problem = FileRootOpener.TryOpen(name, options, identities, off, out FileRoot? root);
        if (problem is not null)
        {
            errors.Add($"{path}:Root", options.Root, problem, "Give an existing directory that is not a file system root.");
            return null;
        }

        FileConfinement minimum = options.MinimumConfinement
            ?? (options.FileSystem is null ? FileConfinement.VerifyAfterOpen : FileConfinement.Lexical);
        if (root!.Confined.Grade < minimum && !off.Has(Wall.FileConfinement))
        {
            errors.Add(
                $"{path}:MinimumConfinement", minimum.ToString(), $"Here only {root.Confined.Grade} is to be had.",
                "Accept it, or run where the kernel offers more.");
        }

        if (options.RefuseOtherMounts && root.Confined is not LinuxRoot && !off.Any)
        {
            errors.Add(
                $"{path}:RefuseOtherMounts", "true", "Mounts can not be told apart here.", "Leave it out, or run on Linux.");
        }

        return root;
    }

    private static void RefuseOverlap(FileRoot root, string[] guarded, string path, PolicyErrors errors)
    {
        Lazy<MountTable> mounts = new(MountTable.Read);
        foreach (string file in guarded)
        {
            HostPath protectedPath = new(HostFiles.Canonical(file));
            if (Array.Exists(root.Spellings, spelling => spelling.Contains(protectedPath) || protectedPath.Contains(spelling))
                || (root.Confined is LinuxRoot && mounts.Value.Shows(root.Spellings[0], protectedPath)))
            {
                errors.Add(
                    $"{path}:Root", root.Spellings[0].Text,
                    $"The root overlaps '{file}', which another guard or LangGuard itself relies on.",
                    "Move that file out of the root, or choose another root.");
            }
        }
    }

    // A coding agent may work in the repository that its own host runs from; the running program stays out of reach.
    private static IEnumerable<string> OwnProgram(FileRoot root)
    {
        HostPath program = new(HostFiles.Canonical(AppContext.BaseDirectory));
        return root.Spellings.Where(spelling => spelling.Contains(program))
            .Select(spelling => spelling.RelativeOf(program))
            .Where(name => name.Length > 0);
    }
}
