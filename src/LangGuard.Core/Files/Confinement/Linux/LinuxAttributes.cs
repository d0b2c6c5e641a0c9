using System.Runtime.InteropServices;

namespace LangGuard.Files;

/// <summary>Extended attributes, ACLs among them, of an open file.</summary>
internal static unsafe partial class LinuxAttributes
{
    /// <summary>Whether there are any. Unknown counts as yes.</summary>
    public static bool Any(int descriptor) => List(descriptor, null, 0) switch
    {
        0 => false,
        > 0 => true,
        _ => LinuxErrors.Last() != FileStatus.NotSupported,
    };

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    private static partial nint List(int descriptor, byte* list, nint size);
}
