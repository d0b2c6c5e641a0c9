#pragma warning disable RS0030 // Looks only whether a file that the host named exists.
namespace LangGuard.Sqlite;

/// <summary>Files of the host's own.</summary>
internal static class SqliteFiles
{
    internal static bool Exists(string path) => File.Exists(path);
}
