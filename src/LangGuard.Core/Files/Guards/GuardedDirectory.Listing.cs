namespace LangGuard.Files;

/// <summary>Listings. The work is done in the call; what is returned is a snapshot.</summary>
internal sealed partial class GuardedDirectory
{
    public IEnumerable<string> EnumerateDirectories(string path) => EnumerateDirectories(path, "*");

    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern) =>
        EnumerateDirectories(path, searchPattern, SearchOption.TopDirectoryOnly);

    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern, SearchOption searchOption) =>
        EnumerateDirectories(path, searchPattern, SearchOptions.From(searchOption));

    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, FileKind.Directory);

    public string[] GetDirectories(string path) => GetDirectories(path, "*");

    public string[] GetDirectories(string path, string searchPattern) =>
        GetDirectories(path, searchPattern, SearchOption.TopDirectoryOnly);

    public string[] GetDirectories(string path, string searchPattern, SearchOption searchOption) =>
        GetDirectories(path, searchPattern, SearchOptions.From(searchOption));

    public string[] GetDirectories(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, FileKind.Directory);

    public IEnumerable<string> EnumerateFiles(string path) => EnumerateFiles(path, "*");

    public IEnumerable<string> EnumerateFiles(string path, string searchPattern) =>
        EnumerateFiles(path, searchPattern, SearchOption.TopDirectoryOnly);

    public IEnumerable<string> EnumerateFiles(string path, string searchPattern, SearchOption searchOption) =>
        EnumerateFiles(path, searchPattern, SearchOptions.From(searchOption));

    public IEnumerable<string> EnumerateFiles(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, FileKind.File);

    public string[] GetFiles(string path) => GetFiles(path, "*");

    public string[] GetFiles(string path, string searchPattern) =>
        GetFiles(path, searchPattern, SearchOption.TopDirectoryOnly);

    public string[] GetFiles(string path, string searchPattern, SearchOption searchOption) =>
        GetFiles(path, searchPattern, SearchOptions.From(searchOption));

    public string[] GetFiles(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, FileKind.File);

    public IEnumerable<string> EnumerateFileSystemEntries(string path) => EnumerateFileSystemEntries(path, "*");

    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern) =>
        EnumerateFileSystemEntries(path, searchPattern, SearchOption.TopDirectoryOnly);

    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern, SearchOption searchOption) =>
        EnumerateFileSystemEntries(path, searchPattern, SearchOptions.From(searchOption));

    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, null);

    public string[] GetFileSystemEntries(string path) => GetFileSystemEntries(path, "*");

    public string[] GetFileSystemEntries(string path, string searchPattern) =>
        GetFileSystemEntries(path, searchPattern, SearchOption.TopDirectoryOnly);

    public string[] GetFileSystemEntries(string path, string searchPattern, SearchOption searchOption) =>
        GetFileSystemEntries(path, searchPattern, SearchOptions.From(searchOption));

    public string[] GetFileSystemEntries(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, null);

    private string[] List(string path, string pattern, EnumerationOptions options, FileKind? kind)
    {
        List<ListedEntry> listed = actions.List(path, pattern, options, kind);
        string[] names = new string[listed.Count];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = listed[i].Path;
        }

        return names;
    }
}
