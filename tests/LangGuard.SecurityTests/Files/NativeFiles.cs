using System.Runtime.InteropServices;

namespace LangGuard.SecurityTests.Files;

/// <summary>Makes what the platform has no call for: hard links and pipes.</summary>
internal static partial class NativeFiles
{
    public static void HardLink(string path, string target) => Check(NativeLink(target, path));

    public static void Pipe(string path) => Check(NativePipe(path, 0x1B6));

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new IOException($"error {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NativeLink(string target, string path);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NativePipe(string path, uint mode);
}
