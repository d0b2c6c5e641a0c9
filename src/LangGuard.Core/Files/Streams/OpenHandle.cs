using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>
/// A handle that was handed out. The platform handle in the caller's hands is a mere token that leads to nothing; the file
/// itself stays here, behind the lease.
/// </summary>
internal sealed class OpenHandle(
    SafeFileHandle token, FileRoot root, ConfinedFile file, StreamLease lease, FileAccess access, string display) : IDisposable
{
    private readonly WeakReference<SafeFileHandle> _token = new(token);
    private int _isDisposed;

    public FileRoot Root { get; } = root;

    public ConfinedFile File { get; } = file;

    public StreamLease Lease { get; } = lease;

    public FileAccess Access { get; } = access;

    public string Display { get; } = display;

    public bool IsAbandoned => !_token.TryGetTarget(out SafeFileHandle? handle) || handle.IsClosed;

    public bool IsFor(SafeFileHandle handle) => _token.TryGetTarget(out SafeFileHandle? mine) && ReferenceEquals(mine, handle);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            File.Dispose();
            Lease.Complete();
            Lease.Dispose();
        }
    }
}
