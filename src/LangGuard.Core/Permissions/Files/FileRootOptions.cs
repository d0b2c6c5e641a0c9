namespace LangGuard.Permissions;

/// <summary>What an agent may do in one directory.</summary>
public sealed class FileRootOptions
{
    /// <summary>The directory on the host. Required; must exist and not be a file system root.</summary>
    public string? Root { get; set; }
}
