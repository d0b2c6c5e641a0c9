using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Unpacks into one directory of a guarded file system: first everything is checked, then entry by entry.</summary>
internal sealed class ArchiveTarget(GuardedFileSystem fileSystem, string destination, ArchiveOptions options, ArchiveBudget budget)
{
    /// <summary>What has a name so far, by its folded form: how it is spelt, and whether it is a file.</summary>
    private readonly Dictionary<string, (string Spelling, bool IsFile)> _seen = new(StringComparer.OrdinalIgnoreCase);
    private int _files;
    private int _directories;

    internal ArchiveReport Report => new(_files, _directories, budget.Bytes);

    /// <summary>Checks an entry before anything is written: a plain name, not twice, not taken, granted, of a length and kind
    /// that may be written.</summary>
    internal void Check(string name, bool isDirectory, Stream content)
    {
        budget.AddEntry();
        var parts = ArchiveEntryName.Parse(name, options.MaxDepth);
        for (var i = 1; i <= parts.Length; i++)
        {
            Claim(string.Join('/', parts, 0, i), isFile: i == parts.Length && !isDirectory, isLast: i == parts.Length, name);
        }

        if (isDirectory)
        {
            return;
        }

        if (parts.Length == 0)
        {
            throw new ArchiveException($"The name of a file is empty: '{ArchiveEntryName.Shown(name)}'.");
        }

        var path = PathOf(parts);
        if (!options.Overwrite && fileSystem.File.Exists(path))
        {
            throw new ArchiveException($"A file of this name exists already: '{ArchiveEntryName.Shown(name)}'.");
        }

        var length = budget.Copy(content, Stream.Null, out var head);
        if (!fileSystem.RequireWrite(path, destination, options.Overwrite, length, head))
        {
            throw new ArchiveException($"The name of an entry leads through a link: '{ArchiveEntryName.Shown(name)}'.");
        }
    }

    internal void AddDirectory(string name)
    {
        fileSystem.Directory.CreateDirectory(PathOf(ArchiveEntryName.Parse(name, options.MaxDepth)));
        _directories++;
    }

    internal void AddFile(string name, Stream content)
    {
        var path = PathOf(ArchiveEntryName.Parse(name, options.MaxDepth));
        fileSystem.Directory.CreateDirectory(fileSystem.Path.GetDirectoryName(path)!);
        var mode = options.Overwrite ? FileMode.Create : FileMode.CreateNew;
        using (var file = fileSystem.FileStream.New(path, mode, FileAccess.Write, FileShare.None))
        {
            budget.Copy(content, file, out _);
        }

        _files++;
    }

    /// <summary>Two names that some file system takes for one, and a file that is a directory elsewhere, are refused: what
    /// the archive leaves behind would depend on the order of its entries.</summary>
    private void Claim(string relative, bool isFile, bool isLast, string name)
    {
        var folded = NameFolding.Fold(relative);
        if (!_seen.TryGetValue(folded, out var seen))
        {
            _seen.Add(folded, (relative, isFile));
        }
        else if (isFile || seen.IsFile || !string.Equals(seen.Spelling, relative, StringComparison.Ordinal))
        {
            throw new ArchiveException(
                $"The archive holds a name {(isLast ? "twice" : "that is a file and a directory")}: '{ArchiveEntryName.Shown(name)}'.");
        }
    }

    private string PathOf(string[] parts) => fileSystem.Path.Combine([destination, .. parts]);
}
