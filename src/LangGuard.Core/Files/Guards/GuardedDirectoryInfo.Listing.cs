using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>Listings of one directory. Every object that is returned belongs to the guarded file system.</summary>
internal sealed partial class GuardedDirectoryInfo
{
    public IEnumerable<IDirectoryInfo> EnumerateDirectories() => EnumerateDirectories("*");

    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern) => EnumerateDirectories(searchPattern, SearchOption.TopDirectoryOnly);

    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern, SearchOption searchOption) =>
        EnumerateDirectories(searchPattern, SearchOptions.From(searchOption));

    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern, EnumerationOptions enumerationOptions) =>
        List<IDirectoryInfo>(searchPattern, enumerationOptions, FileKind.Directory);

    public IDirectoryInfo[] GetDirectories() => GetDirectories("*");

    public IDirectoryInfo[] GetDirectories(string searchPattern) => GetDirectories(searchPattern, SearchOption.TopDirectoryOnly);

    public IDirectoryInfo[] GetDirectories(string searchPattern, SearchOption searchOption) =>
        GetDirectories(searchPattern, SearchOptions.From(searchOption));

    public IDirectoryInfo[] GetDirectories(string searchPattern, EnumerationOptions enumerationOptions) =>
        List<IDirectoryInfo>(searchPattern, enumerationOptions, FileKind.Directory);

    public IEnumerable<IFileInfo> EnumerateFiles() => EnumerateFiles("*");

    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern) => EnumerateFiles(searchPattern, SearchOption.TopDirectoryOnly);

    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern, SearchOption searchOption) =>
        EnumerateFiles(searchPattern, SearchOptions.From(searchOption));

    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern, EnumerationOptions enumerationOptions) =>
        List<IFileInfo>(searchPattern, enumerationOptions, FileKind.File);

    public IFileInfo[] GetFiles() => GetFiles("*");

    public IFileInfo[] GetFiles(string searchPattern) => GetFiles(searchPattern, SearchOption.TopDirectoryOnly);

    public IFileInfo[] GetFiles(string searchPattern, SearchOption searchOption) =>
        GetFiles(searchPattern, SearchOptions.From(searchOption));

    public IFileInfo[] GetFiles(string searchPattern, EnumerationOptions enumerationOptions) =>
        List<IFileInfo>(searchPattern, enumerationOptions, FileKind.File);

    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos() => EnumerateFileSystemInfos("*");

    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern) => EnumerateFileSystemInfos(searchPattern, SearchOption.TopDirectoryOnly);

    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern, SearchOption searchOption) =>
        EnumerateFileSystemInfos(searchPattern, SearchOptions.From(searchOption));

    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern, EnumerationOptions enumerationOptions) =>
        List<IFileSystemInfo>(searchPattern, enumerationOptions, null);

    public IFileSystemInfo[] GetFileSystemInfos() => GetFileSystemInfos("*");

    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern) => GetFileSystemInfos(searchPattern, SearchOption.TopDirectoryOnly);

    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern, SearchOption searchOption) =>
        GetFileSystemInfos(searchPattern, SearchOptions.From(searchOption));

    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern, EnumerationOptions enumerationOptions) =>
        List<IFileSystemInfo>(searchPattern, enumerationOptions, null);

    private T[] List<T>(string pattern, EnumerationOptions options, FileKind? kind)
        where T : class, IFileSystemInfo
    {
        List<ListedEntry> listed = Actions.List(FullName, pattern, options, kind);
        return [.. listed.Select(entry => (T)(IFileSystemInfo)(entry.IsDirectory
            ? new GuardedDirectoryInfo(Guarded, Actions, entry.Path)
            : new GuardedFileInfo(Guarded, Actions, entry.Path)))];
    }
}
