#pragma warning disable RS0030 // The portable backend is one of the places that open by name; PathRoot checks every result.
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>Handles on macOS and Windows, and what the system says about them. Linux has its own.</summary>
internal static unsafe partial class PlatformHandles
{
    private const int PathLimit = 32 * 1024;
    private const uint DiskFile = 1;

    public static SafeFileHandle Open(string path, FileMode mode, FileAccess access)
    {
        if (OperatingSystem.IsWindows() || mode != FileMode.Open)
        {
            return File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);
        }

        // O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY of macOS; a pipe must not block. Two arguments: the mode is not read.
        int flags = (access == FileAccess.Read ? 0 : access == FileAccess.Write ? 1 : 2) | 0x4 | 0x100 | 0x1000000 | 0x20000;
        int descriptor = MacOpen(path, flags);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException("The file can not be opened.", Marshal.GetLastPInvokeError());
    }

    /// <summary>A handle that leads to nothing.</summary>
    public static SafeFileHandle OpenNothing() =>
        File.OpenHandle(OperatingSystem.IsWindows() ? "NUL" : "/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    /// <summary>Whether a handle is for a file on a disk rather than a pipe or device.</summary>
    public static bool IsOnDisk(SafeFileHandle handle) => !OperatingSystem.IsWindows() || GetFileType(handle) == DiskFile;

    /// <summary>The name of an open file as the system knows it, or null when it does not say.</summary>
    public static string? TruePath(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            char[] text = new char[PathLimit];
            uint length;
            fixed (char* target = text)
            {
                length = GetFinalPathNameByHandle(handle, target, (uint)text.Length, 0);
            }

            string path = length > 0 && length < text.Length ? new string(text, 0, (int)length) : string.Empty;
            return path.StartsWith(@"\\?\", StringComparison.Ordinal) && !path.StartsWith(@"\\?\UNC\", StringComparison.Ordinal)
                ? path[4..]
                : null;
        }

        if (OperatingSystem.IsMacOS())
        {
            const int getPath = 50;
            byte* text = stackalloc byte[4096];
            new Span<byte>(text, 4096).Clear();
            return MacControl((int)handle.DangerousGetHandle(), getPath, text) == 0
                ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text))
                : null;
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MacControl(int descriptor, int command, byte* argument);

    [LibraryImport("kernel32", EntryPoint = "GetFinalPathNameByHandleW", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint GetFinalPathNameByHandle(SafeFileHandle handle, char* text, uint size, uint flags);

    [LibraryImport("kernel32", EntryPoint = "GetFileType", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint GetFileType(SafeFileHandle handle);
}
