using System.IO.Abstractions;
using LangGuard.Files;

namespace LangGuard.Permissions;

/// <summary>What an agent may do in one directory. With no rule, nothing.</summary>
internal sealed class FileRootOptions
{
    /// <summary>The directory on the host. Required; must exist and not be a file system root.</summary>
    public string? Root { get; set; }

    /// <summary>Rules by pattern, such as <c>drafts/**</c>. A denial beats every allow.</summary>
    public IDictionary<string, FileRuleOptions> Rules { get; } =
        new Dictionary<string, FileRuleOptions>(StringComparer.Ordinal);

    /// <summary>Limits for the whole root.</summary>
    public FileLimitOptions Limits { get; } = new();

    /// <summary>Sensitive files by exact name, with the verbs that are unlocked. The rules still have to allow them.</summary>
    public IDictionary<string, FilePermissions> UnguardedSensitiveFiles { get; } =
        new Dictionary<string, FilePermissions>(StringComparer.Ordinal);

    /// <summary>The weakest confinement that is accepted. Default: <see cref="FileConfinement.VerifyAfterOpen"/> for a host
    /// directory; a file system object has <see cref="FileConfinement.Lexical"/> and must be accepted as such.</summary>
    public FileConfinement? MinimumConfinement { get; set; }

    /// <summary>What to do with files that have more than one name. Default: census.</summary>
    public HardLinkRule HardLinks { get; set; }

    /// <summary>Whether names that Windows would read differently are refused on every platform. Default: on Windows only.</summary>
    public bool PortableNames { get; set; }

    /// <summary>Whether what is mounted beneath the root, bind mounts too, is out of reach. Only Linux can tell mounts apart;
    /// elsewhere the policy is not built. Default: no.</summary>
    public bool RefuseOtherMounts { get; set; }

    /// <summary>The file system that holds the root, where it is not the host's.</summary>
    internal IFileSystem? FileSystem { get; set; }

    /// <summary>The way of confinement to use; chosen by the platform when null.</summary>
    internal FileConfinement? ForcedConfinement { get; set; }

    /// <summary>The opened root. Set once, when the policy is built.</summary>
    internal FileRoot? Opened { get; set; }
}
