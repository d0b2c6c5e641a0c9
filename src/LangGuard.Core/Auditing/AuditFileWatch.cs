using LangGuard.Files;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>Whether the file that is written is still the one that its name leads to, and as long as what was written. Nothing is opened by
/// name, so that a pipe in its place can not hold up the writer.</summary>
internal static class AuditFileWatch
{
    internal const string Gone = "was deleted, renamed or replaced beneath its writer";
    internal const string Cut = "was cut beneath its writer";
    private static readonly HostFiles Host = new();

    /// <summary>What is wrong, or null.</summary>
    /// <param name="handle">The file as it was opened.</param>
    /// <param name="path">Its name.</param>
    /// <param name="length">How much of it was written.</param>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    /// <exception cref="IOException">The system does not say.</exception>
    internal static string? Problem(SafeFileHandle handle, string path, long length) =>
        IsReplaced(handle, path) ? Gone
        : RandomAccess.GetLength(handle) < length ? Cut
        : null;

    /// <summary>What a name leads to now; null when it leads nowhere, or to what is no file.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    internal static FileFacts? Named(string path) => Host.Stat(path, out var facts) switch
    {
        FileStatus.Ok => facts.Kind == FileKind.File ? facts : null,
        FileStatus.NotFound or FileStatus.NotDirectory or FileStatus.TooManyLinks => null,
        _ => throw new IOException("The place of the audit can not be looked at."),
    };

    internal static bool IsSpecial(string path) => Host.Stat(path, out var facts) == FileStatus.Ok && facts.Kind == FileKind.Special;

    private static bool IsReplaced(SafeFileHandle handle, string path)
    {
        if (Named(path) is not { } named)
        {
            return true;
        }

        if (!LinuxNumbers.AreKnown)
        {
            // Windows lets nobody rename or replace a file that is open for writing; elsewhere the length has to do.
            return named.Length < RandomAccess.GetLength(handle);
        }

        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return LinuxStat.OfDescriptor((int)handle.DangerousGetHandle(), out var open) != FileStatus.Ok
                || open.Links == 0
                || open.Identity != named.Identity;
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }
}
