namespace LangGuard.Permissions;

/// <summary>
/// Files and directories of the host that another guard, or LangGuard itself, relies on: databases with their side files,
/// configuration, audit, journal, keys. No root may overlap them, and no further name of theirs can be used.
/// Register with <c>builder.Collect&lt;ProtectedPaths&gt;().Add(path)</c>.
/// </summary>
internal sealed class ProtectedPaths
{
    private readonly List<string> _paths = [];

    public IReadOnlyList<string> All => _paths;

    /// <summary>Protects a file or directory by its absolute path; side files of a database are included.</summary>
    public void Add(string hostPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hostPath);
        _paths.Add(Path.GetFullPath(hostPath));
    }
}
