using System.IO.Abstractions;
using LangGuard.Files;

namespace LangGuard.Permissions;

/// <summary>Says which verbs an agent has in one directory. Patterns are relative to it; see <see cref="FileRuleOptions"/>.</summary>
public sealed class FileRootBuilder
{
    private const FilePermissions Everything = FilePermissions.List | FilePermissions.Read | FilePermissions.Create
        | FilePermissions.Modify | FilePermissions.Delete | FilePermissions.Link;

    internal FileRootBuilder(FileRootOptions options) => Options = options;

    internal FileRootOptions Options { get; }

    /// <summary>Allows to see names and attributes.</summary>
    /// <param name="pattern">Which names.</param>
    /// <param name="configure">Limits of the rule, if it has its own.</param>
    public FileRootBuilder List(string pattern, Action<FileRuleOptions>? configure = null) =>
        Allow(pattern, FilePermissions.List, configure);

    /// <summary>Allows to list and read.</summary>
    /// <param name="pattern">Which names.</param>
    /// <param name="configure">Limits of the rule, if it has its own.</param>
    public FileRootBuilder Read(string pattern, Action<FileRuleOptions>? configure = null) =>
        Allow(pattern, FilePermissions.List | FilePermissions.Read, configure);

    /// <summary>Allows to list, create and modify; neither to read nor to delete.</summary>
    /// <param name="pattern">Which names.</param>
    /// <param name="configure">Limits of the rule, if it has its own.</param>
    public FileRootBuilder Write(string pattern, Action<FileRuleOptions>? configure = null) =>
        Allow(pattern, FilePermissions.List | FilePermissions.Create | FilePermissions.Modify, configure);

    /// <summary>Allows to create what does not exist, but not to change what does.</summary>
    /// <param name="pattern">Which names.</param>
    /// <param name="configure">Limits of the rule, if it has its own.</param>
    public FileRootBuilder Create(string pattern, Action<FileRuleOptions>? configure = null) =>
        Allow(pattern, FilePermissions.List | FilePermissions.Create, configure);

    /// <summary>Allows to delete, and to move away or over existing files together with the other verbs.</summary>
    /// <param name="pattern">Which names.</param>
    public FileRootBuilder Delete(string pattern) => Allow(pattern, FilePermissions.List | FilePermissions.Delete, null);

    /// <summary>Allows to create symbolic links whose target stays inside.</summary>
    /// <param name="pattern">Which names.</param>
    public FileRootBuilder Link(string pattern) => Allow(pattern, FilePermissions.Link, null);

    /// <summary>Says that the deployer vouches for what the rules of a pattern let the agent read: nobody else can write there, so
    /// that it names targets as the user does and labels no session.</summary>
    /// <param name="pattern">The pattern, written as in the rule.</param>
    public FileRootBuilder Trusted(string pattern)
    {
        RuleFor(pattern).Trusted = true;
        return this;
    }

    /// <summary>Denies verbs, whatever other rules allow. Matches without regard to case and spelling variants.</summary>
    /// <param name="pattern">Which names.</param>
    /// <param name="permissions">Which verbs; all by default.</param>
    public FileRootBuilder Deny(string pattern, FilePermissions permissions = Everything)
    {
        RuleFor(pattern).Deny |= permissions;
        return this;
    }

    /// <summary>Sets limits for the whole root.</summary>
    /// <param name="configure">Sets them.</param>
    public FileRootBuilder Limit(Action<FileLimitOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(Options.Limits);
        return this;
    }

    /// <summary>Demands a confinement at least this strong; the policy is not built where it is not to be had.</summary>
    /// <param name="minimum">The weakest that is accepted.</param>
    public FileRootBuilder RequireConfinement(FileConfinement minimum)
    {
        Options.MinimumConfinement = minimum;
        return this;
    }

    /// <summary>Refuses names that Windows would read differently, on every platform.</summary>
    public FileRootBuilder UsePortableNames()
    {
        Options.PortableNames = true;
        return this;
    }

    /// <summary>Keeps what is mounted beneath the root, bind mounts too, out of reach. Linux only.</summary>
    public FileRootBuilder RefuseOtherMounts()
    {
        Options.RefuseOtherMounts = true;
        return this;
    }

    /// <summary>Denies every file that has more than one name. Without this, the names inside the root are counted, and a name
    /// that is outside or denied makes the file unreadable and unwritable.</summary>
    public FileRootBuilder DenyHardLinks()
    {
        Options.HardLinks = HardLinkRule.Deny;
        return this;
    }

    /// <summary>Does not look whether a file has a second name outside the root: whoever can make links beneath the root can
    /// lead the agent to any file of the same mount.</summary>
    public FileRootBuilder UnguardedHardLinks()
    {
        Options.HardLinks = HardLinkRule.Unguarded;
        return this;
    }

    /// <summary>Takes the root from another file system, in memory or remote. Names are confined by their text only.</summary>
    /// <param name="fileSystem">The file system; it is trusted to have no links that leave the root.</param>
    public FileRootBuilder On(IFileSystem fileSystem)
    {
        ArgumentNullException.ThrowIfNull(fileSystem);
        Options.FileSystem = fileSystem;
        return this;
    }

    /// <summary>Unlocks one sensitive file by its exact name. The rules still have to allow the verbs.</summary>
    /// <param name="name">The exact name relative to the root; no pattern.</param>
    /// <param name="permissions">Which verbs.</param>
    public FileRootBuilder UnguardedSensitiveFile(string name, FilePermissions permissions = FilePermissions.Read)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Options.UnguardedSensitiveFiles[name] = permissions;
        return this;
    }

    private FileRootBuilder Allow(string pattern, FilePermissions permissions, Action<FileRuleOptions>? configure)
    {
        FileRuleOptions rule = RuleFor(pattern);
        rule.Allow |= permissions;
        configure?.Invoke(rule);
        return this;
    }

    private FileRuleOptions RuleFor(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (!Options.Rules.TryGetValue(pattern, out FileRuleOptions? rule))
        {
            Options.Rules.Add(pattern, rule = new FileRuleOptions());
        }

        return rule;
    }
}
