using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>A root of the policy, opened once and shared by all sessions.</summary>
internal sealed class FileRoot(
    string name, string anchor, HostPath[] spellings, ConfinedRoot confined, FileRootOptions options, ProtectedIdentities protectedFiles,
    WallsOff off)
{
    public string Name { get; } = name;

    /// <summary>Tells one directory from another; not shown to anybody.</summary>
    public string Anchor { get; } = anchor;

    /// <summary>The host's names of the root: as given and as resolved.</summary>
    public HostPath[] Spellings { get; } = spellings;

    public ConfinedRoot Confined { get; } = confined;

    public HardLinkRule HardLinks { get; } = off.Has(Wall.HardLinks) ? HardLinkRule.Unguarded : options.HardLinks;

    public bool PortableNames { get; } = options.PortableNames || OperatingSystem.IsWindows();

    public bool SpansMounts { get; } = !options.RefuseOtherMounts;

    public FileLimitOptions Limits { get; } = options.Limits;

    /// <summary>Whether a test hands out pipes, sockets and devices.</summary>
    public bool HandsOutSpecialFiles { get; } = off.Has(Wall.SpecialFiles);

    /// <summary>Whether a test takes names as they are written.</summary>
    public bool TakesNamesAsWritten { get; } = off.Has(Wall.FileNames);

    /// <summary>The guard's own look at sensitive names; null where a test leaves it out.</summary>
    public SensitiveFileCheck? Sensitive { get; } =
        off.Has(Wall.SensitiveNames) ? null : new SensitiveFileCheck(options.UnguardedSensitiveFiles);

    public ProtectedIdentities Protected { get; } = protectedFiles;

    public HardLinkCensus Census { get; } = new();

    /// <summary>The name by which the agent knows something beneath this root.</summary>
    public string Display(string relative) => relative.Length == 0 ? $"/{Name}" : $"/{Name}/{relative}";
}
