namespace LangGuard.Permissions;

/// <summary>Why file operations are denied.</summary>
internal static class FileReasons
{
    private const string RuleSetting = "LimitPermissions:Files:<root>:Rules: add a rule for {resource}";

    public static readonly Reason NotGranted = new(
        "files.not-granted", "No file permission covers this name for this verb.", Retry.ChangeArguments, RuleSetting);

    public static readonly Reason OutsideRoot = new(
        "files.outside-root", "The name is not beneath a granted directory.", Retry.ChangeArguments,
        "LimitPermissions: Files(\"name\", \"directory\", files => files.Read(...))");

    public static readonly Reason Denied = new(
        "files.denied", "A rule of the policy denies this name for this verb.", Retry.No);

    public static readonly Reason Sensitive = new(
        "files.sensitive",
        "The file is sensitive: a secret, or a file that controls other tools.",
        Retry.No,
        "LimitPermissions:Files:<root>:UnguardedSensitiveFiles: add the exact name of {resource}");

    public static readonly Reason Protected = new(
        "files.protected", "The file belongs to the host application or to another guard.", Retry.No);

    public static readonly Reason RootItself = new(
        "files.root", "A granted directory itself is never deleted, moved or replaced.", Retry.No);

    public static readonly Reason NotRegular = new(
        "files.not-regular", "Only regular files and directories are used; this is a pipe, socket or device.", Retry.No);

    public static readonly Reason HardLink = new(
        "files.hard-link", "The file has a further name that is outside the granted directory or denied.", Retry.No);

    public static readonly Reason UnclearName = new(
        "files.unclear-name", "The name means different files on different systems.", Retry.ChangeArguments);

    public static readonly Reason Unstable = new(
        "files.unstable", "The name changes faster than it can be resolved.", Retry.Later);

    public static readonly Reason OtherMount = new(
        "files.other-mount", "The file is on another mount than the granted directory.", Retry.No,
        "LimitPermissions:Files:<root>:RefuseOtherMounts");

    public static readonly Reason ReadLimit = new(
        "files.read-limit", "The file is larger than one read may be.", Retry.No,
        "LimitPermissions:Files:<root>:Limits:ReadBytes");

    public static readonly Reason WriteLimit = new(
        "files.write-limit", "The file would become larger than a written file may be.", Retry.ChangeArguments,
        "LimitPermissions:Files:<root>:Limits:WriteBytes");

    public static readonly Reason SessionReadLimit = new(
        "files.session-read-limit", "The session has read as many bytes as it may.", Retry.No,
        "LimitPermissions:Files:<root>:Limits:SessionReadBytes");

    public static readonly Reason SessionWriteLimit = new(
        "files.session-write-limit", "The session has written as many bytes as it may.", Retry.No,
        "LimitPermissions:Files:<root>:Limits:SessionWriteBytes");

    public static readonly Reason SessionFileLimit = new(
        "files.session-file-limit", "The session has created as many files as it may.", Retry.No,
        "LimitPermissions:Files:<root>:Limits:SessionFiles");

    public static readonly Reason EntryLimit = new(
        "files.entry-limit", "The listing has more entries than one listing may visit.", Retry.ChangeArguments,
        "LimitPermissions:Files:<root>:Limits:Entries");

    public static readonly Reason DepthLimit = new(
        "files.depth-limit", "The listing goes deeper than it may.", Retry.ChangeArguments,
        "LimitPermissions:Files:<root>:Limits:Depth");

    public static readonly Reason TreeLimit = new(
        "files.tree-limit", "The directory holds more entries than may be deleted or moved at once.", Retry.ChangeArguments,
        "LimitPermissions:Files:<root>:Limits:TreeEntries");

    public static readonly Reason OpenLimit = new(
        "files.open-limit", "The session has as many files open as it may.", Retry.Later,
        "LimitPermissions:Files:<root>:Limits:OpenFiles");

    public static readonly Reason Extension = new(
        "files.extension", "Files with this extension may not be written here.", Retry.ChangeArguments,
        "LimitPermissions:Files:<root>:Rules:WriteExtensions");

    public static readonly Reason Content = new(
        "files.content-kind", "Content of this kind, told by its first bytes, may not be written here.", Retry.ChangeArguments,
        "LimitPermissions:Files:<root>:Rules:DenyContent");

    public static readonly Reason Executable = new(
        "files.executable", "Permission to execute, and set-id bits, are never given to a file.", Retry.No);

    public static readonly Reason Pattern = new(
        "files.pattern", "A search pattern stays beneath the directory it is used in.", Retry.ChangeArguments);

    public static readonly Reason LinkTarget = new(
        "files.link-target", "The target of a link is relative and stays beneath the granted directory.", Retry.ChangeArguments);

    public static readonly Reason ForeignObject = new(
        "files.foreign-object", "Handles, streams and objects that this file system did not make are not used.", Retry.No);

    public static readonly Reason Refused = new(
        "files.refused", "This member has no meaning inside a guarded file system.", Retry.No);
}
