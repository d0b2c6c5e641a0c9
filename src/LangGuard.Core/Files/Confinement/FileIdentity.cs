namespace LangGuard.Files;

/// <summary>The device and inode (or volume and file index) that name one file whatever it is called.</summary>
/// <param name="Device">The device or volume.</param>
/// <param name="Inode">The inode or file index; zero when the file system has none.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>Whether the file system told an identity.</summary>
    public bool IsKnown => Inode != 0;
}
