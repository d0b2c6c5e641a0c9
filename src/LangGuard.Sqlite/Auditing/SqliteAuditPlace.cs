#pragma warning disable RS0030 // The file is the host's, named by the deployer; nothing of an agent's leads here.
using LangGuard.Auditing;

namespace LangGuard.Sqlite.Auditing;

/// <summary>The file of an audit database: no link, and nobody else can write it or put a journal beside it.</summary>
internal static class SqliteAuditPlace
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    internal static void Prepare(string path)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(path)!);
        if (!folder.Exists)
        {
            throw new AuditUnavailableException("The folder of the audit database does not exist.");
        }

        if (!OperatingSystem.IsWindows() && (folder.UnixFileMode & Others) != 0)
        {
            throw new AuditUnavailableException("Others may write to the folder of the audit database. Make it writable by its owner only.");
        }

        foreach (var name in (string[])[path, path + SqliteAuditTable.LockSuffix])
        {
            var file = new FileInfo(name);
            if (file.LinkTarget is not null)
            {
                throw new AuditUnavailableException("The audit database is a link. Name the file itself.");
            }

            if (!file.Exists)
            {
                Make(name);
            }
            else if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Others) != 0)
            {
                throw new AuditUnavailableException("Others may write the audit database. Make it writable by its owner only.");
            }
        }
    }

    private static void Make(string name)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner;
        }

        new FileStream(name, options).Dispose();
    }
}
