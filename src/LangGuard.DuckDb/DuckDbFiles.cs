#pragma warning disable RS0030 // Looks only at files that the host named; nothing of an agent's leads here.
using System.Runtime.InteropServices;

namespace LangGuard.DuckDb;

/// <summary>Files of the host's own.</summary>
internal static partial class DuckDbFiles
{
    private const int Writable = 2;

    internal static bool Exists(string path) => File.Exists(path);

    /// <summary>The mode behind links, or null where there is none.</summary>
    internal static UnixFileMode? ModeOf(string path)
    {
        if (OperatingSystem.IsWindows() || !(File.Exists(path) || Directory.Exists(path)))
        {
            return null;
        }

        return File.GetUnixFileMode(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
    }

    /// <summary>Whether others can not even enter the folder, so that modes inside do not matter for them.</summary>
    internal static bool IsFolderClosed(string path) =>
        ModeOf(Path.GetDirectoryName(path)!) is { } mode && (mode & UnixFileMode.OtherExecute) == 0;

    /// <summary>Whether this process may write the file. It is not opened for that: to close it again would drop the locks that the
    /// engine has on it.</summary>
    internal static bool CanWrite(string path) => OperatingSystem.IsWindows()
        ? (File.GetAttributes(path) & FileAttributes.ReadOnly) == 0
        : Access(path, Writable) == 0;

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
