#pragma warning disable RS0030 // Looks only at files that the host named; nothing of an agent's leads here.
using System.Runtime.InteropServices;

namespace LangGuard.DuckDb;

/// <summary>Files of the host's own.</summary>
internal static partial class DuckDbFiles
{
    private const int Writable = 2;

    /// <summary>Whether this process may write the file. It is not opened for that: to close it again would drop the locks that the
    /// engine has on it.</summary>
    internal static bool CanWrite(string path) => OperatingSystem.IsWindows()
        ? (File.GetAttributes(path) & FileAttributes.ReadOnly) == 0
        : Access(path, Writable) == 0;

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
