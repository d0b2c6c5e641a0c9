namespace LangGuard.Conformance;

/// <summary>Folders in the place of /tmp, one for each engine, in which anybody may write. What stands there already from another run
/// would keep an attack from writing its file.</summary>
internal sealed class SqlOutside : IDisposable
{
    private const UnixFileMode Anybody = (UnixFileMode)0b111_111_111;
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-sql-");

    internal SqlOutside()
    {
        if (!OperatingSystem.IsWindows())
        {
            _folder.UnixFileMode = Passable;
        }
    }

    /// <summary>The folder of an engine, which exists, with a slash at its end.</summary>
    internal string Of(string engine)
    {
        var folder = _folder.CreateSubdirectory(engine);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = Anybody;
        }

        return folder.FullName + "/";
    }

    /// <summary>Empties the folder of an engine for the next attack.</summary>
    internal void Clear(string engine)
    {
        foreach (var entry in new DirectoryInfo(Of(engine)).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
