using LangGuard.Files;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>A root of somebody's policy, moved into the folder of a case.</summary>
internal sealed class FilesUnderTest(Action<PolicyBuilder> configure, string root)
{
    private const FilePermissions Change = FilePermissions.Create | FilePermissions.Modify | FilePermissions.Delete;

    private static readonly Principal Tester = new("conformance");

    public Policy Build(FilesWorld world) => PolicyUnderTest.Build(configure, guard =>
    {
        var roots = guard.Options.LimitPermissions.Files;
        if (!roots.TryGetValue(root, out var options))
        {
            throw new ArgumentException($"The policy has no root '{root}'; it has {string.Join(", ", roots.Keys.Order(StringComparer.Ordinal))}.");
        }

        // Names without a root are those of the only one.
        roots.Clear();
        roots[root] = options;
        options.Root = world.Root;
        options.FileSystem = null;
    });

    /// <summary>Why a case says nothing about the policy: what it attacks is unlocked by name, or what it does is not granted.</summary>
    public string? WhyNot(FilesCase test, FilesWorld world, Policy policy)
    {
        var options = policy.Options.LimitPermissions.Files[root];
        if (!test.IsAllowed)
        {
            return test.Technique == "hardlink" && options.HardLinks == HardLinkRule.Unguarded ? "the policy allows hard links"
                : Names(test, world).Any(options.UnguardedSensitiveFiles.ContainsKey) ? "the policy unlocks the file"
                : null;
        }

        // The rules alone, on plain names: what they grant, the guard must carry out.
        using var session = GuardSession.Create(policy, Tester);
        var verbs = FilePermissions.List | FilePermissions.Read
            | (test.Operation is "read" or "list" or "stat" ? FilePermissions.None : Change);
        foreach (var name in Names(test, world))
        {
            var target = new FileTarget(root, name, name, verbs);
            if (policy.Decide(new FileOperation(Tester, Effects.Read, target), session) is { IsAllowed: false } refusal)
            {
                return $"not granted: {refusal.Reason?.Rule}";
            }
        }

        return null;
    }

    /// <summary>Every name beneath the root that a case has to do with, relative to it.</summary>
    private static IEnumerable<string> Names(FilesCase test, FilesWorld world) =>
        test.Setup.Select(step => step.Path).Append(test.Path).Append(test.Destination).OfType<string>()
            .Where(name => !name.Contains('\0', StringComparison.Ordinal))
            .Select(name => Path.GetRelativePath(world.Root, Path.GetFullPath(Path.Combine(world.Root, world.Substitute(name)))).Replace('\\', '/'))
            .Select(name => name == "." ? string.Empty : name)
            .Where(name => !name.StartsWith("../", StringComparison.Ordinal));
}
