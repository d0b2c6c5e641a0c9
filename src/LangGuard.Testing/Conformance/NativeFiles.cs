using System.Globalization;
using System.Runtime.InteropServices;

namespace LangGuard.Testing.Conformance;

/// <summary>What the platform's library can not make: hard links and pipes.</summary>
internal static partial class NativeFiles
{
    public static void Link(string target, string path) => Check(link(target, path), path);

    public static void MakePipe(string path) => Check(mkfifo(path, 0x1B6), path);

    /// <summary>Whether a name is a file whose content can be read without waiting for somebody.</summary>
    public static bool IsRegular(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        // A pipe can not be opened for writing without a reader, and a regular file always can by its owner.
        const int writeOnly = 1;
        const int nonBlocking = 0x800;
        var descriptor = open(path, writeOnly | nonBlocking);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() != 6;
        }

        _ = close(descriptor);
        return true;
    }

    private static void Check(int result, string path)
    {
        if (result != 0)
        {
            throw new IOException($"{path}: error {Marshal.GetLastPInvokeError().ToString(CultureInfo.InvariantCulture)}");
        }
    }

#pragma warning disable SA1300, IDE1006 // The names are those of the C library.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int link(string target, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int descriptor);
#pragma warning restore SA1300, IDE1006
}
