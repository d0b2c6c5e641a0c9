using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>
/// The file system of one session: every member is decided on by the session's policy and carried out beneath the granted
/// directories only. Names are <c>/root/part</c>, or relative to the only root. Nothing it hands out leads to the host's
/// file system, and no text it produces holds a path of the host.
/// </summary>
/// <remarks>
/// Denials are <see cref="AccessDeniedException"/>; other errors are those of the platform. Existence checks answer false
/// instead. Encryption and access control lists are refused, as are objects and handles made elsewhere.
/// </remarks>
public sealed partial class GuardedFileSystem : IFileSystem, IDisposable
{
    private readonly FileActions _actions;
    private readonly FileRoot[] _roots;

    internal GuardedFileSystem(GuardSession session, IEnumerable<FileRoot> roots, FileChanges changes)
    {
        _roots = [.. roots];
        _actions = new FileActions(session, _roots, changes);
        File = new GuardedFile(this, _actions);
        Directory = new GuardedDirectory(this, _actions);
        Path = new GuardedPath(this, _actions);
        FileInfo = new GuardedFileInfoFactory(this, _actions);
        DirectoryInfo = new GuardedDirectoryInfoFactory(this, _actions);
        DriveInfo = new GuardedDriveInfoFactory(this, _actions);
        FileStream = new GuardedFileStreamFactory(this, _actions);
        FileSystemWatcher = new GuardedFileSystemWatcherFactory(this, _actions);
        FileVersionInfo = new GuardedFileVersionInfoFactory(this, _actions);
        RandomAccess = new GuardedRandomAccess(this, _actions);
    }

    /// <summary>The confinement in force: the weakest among the granted directories; none when nothing is granted.</summary>
    public FileConfinement Confinement =>
        _roots.Length == 0 ? FileConfinement.None : _roots.Min(root => root.Confined.Grade);

    /// <summary>The granted directories as the agent names them, such as <c>/kb</c>.</summary>
    public IReadOnlyList<string> Roots => Array.ConvertAll(_roots, root => root.Display(string.Empty));

    /// <inheritdoc />
    public IDirectory Directory { get; }

    /// <inheritdoc />
    public IDirectoryInfoFactory DirectoryInfo { get; }

    /// <inheritdoc />
    public IDriveInfoFactory DriveInfo { get; }

    /// <inheritdoc />
    public IFile File { get; }

    /// <inheritdoc />
    public IFileInfoFactory FileInfo { get; }

    /// <inheritdoc />
    public IFileStreamFactory FileStream { get; }

    /// <inheritdoc />
    public IFileSystemWatcherFactory FileSystemWatcher { get; }

    /// <inheritdoc />
    public IFileVersionInfoFactory FileVersionInfo { get; }

    /// <inheritdoc />
    public IPath Path { get; }

    /// <inheritdoc />
    public IRandomAccess RandomAccess { get; }

    /// <summary>The confinement of one granted directory.</summary>
    /// <param name="root">The name of the root in the policy.</param>
    public FileConfinement ConfinementOf(string root) =>
        Array.Find(_roots, candidate => string.Equals(candidate.Name, root, StringComparison.Ordinal))?.Confined.Grade
            ?? FileConfinement.None;

    internal bool RequireWrite(string path, string beneath, bool replaces, long length, ReadOnlySpan<byte> head) =>
        _actions.RequireWrite(path, beneath, replaces, length, head);

    /// <summary>Closes the handles that were handed out. The session does it when it ends.</summary>
    public void Dispose() => _actions.Dispose();

    /// <summary>Creates a file with its whole content, which an approval is then bound to and shows.</summary>
    internal Task CreateAllAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _actions.CreateAllAsync(path, content, cancellationToken);
}
