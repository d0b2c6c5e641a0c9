using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>Unpacks into one directory of a guarded file system, entry by entry.</summary>
internal sealed class ArchiveTarget(IFileSystem fileSystem, string destination, ArchiveOptions options, ArchiveBudget budget)
{
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
    private int _files;
    private int _directories;

    internal ArchiveReport Report => new(_files, _directories, budget.Bytes);

    /// <summary>Checks a name before anything is written: plain, not twice, not taken.</summary>
    internal void Check(string name, bool isDirectory)
    {
        budget.AddEntry();
        var path = PathOf(name);
        if (isDirectory)
        {
            return;
        }

        if (!_seen.Add(path))
        {
            throw new ArchiveException($"The archive holds a name twice: '{ArchiveEntryName.Shown(name)}'.");
        }

        if (!options.Overwrite && fileSystem.File.Exists(path))
        {
            throw new ArchiveException($"A file of this name exists already: '{ArchiveEntryName.Shown(name)}'.");
        }
    }

    internal void AddDirectory(string name)
    {
        fileSystem.Directory.CreateDirectory(PathOf(name));
        _directories++;
    }

    internal void AddFile(string name, Stream content)
    {
        var path = PathOf(name);
        fileSystem.Directory.CreateDirectory(fileSystem.Path.GetDirectoryName(path)!);
        var mode = options.Overwrite ? FileMode.Create : FileMode.CreateNew;
        using (var file = fileSystem.FileStream.New(path, mode, FileAccess.Write, FileShare.None))
        {
            budget.Copy(content, file);
        }

        _files++;
    }

    private string PathOf(string name)
    {
        var parts = ArchiveEntryName.Parse(name, options.MaxDepth);
        return fileSystem.Path.Combine([destination, .. parts]);
    }
}
