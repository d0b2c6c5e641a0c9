using System.IO.Abstractions;

#pragma warning disable RS0030 // The control runs without a guard, beneath the folder of the case alone.

namespace LangGuard.Testing.Conformance;

/// <summary>Carries out the operation of a case on any file system, guarded or not.</summary>
internal static class FilesOperation
{
    /// <summary>Does it and returns what came back: content, names, attributes.</summary>
    public static IReadOnlyList<string> Run(IFileSystem fileSystem, FilesCase test, FilesWorld world, Func<string, string> resolve)
    {
        var path = resolve(test.Path);
        var destination = test.Destination is null ? string.Empty : resolve(test.Destination);
        switch (test.Operation)
        {
            case "read":
                return [fileSystem.File.ReadAllText(path)];
            case "write":
                fileSystem.File.WriteAllText(path, "X");
                return [];
            case "append":
                fileSystem.File.AppendAllText(path, "X");
                return [];
            case "delete":
                Delete(fileSystem, path, Path.Combine(world.Root, path));
                return [];
            case "list":
                var pattern = test.Pattern is null ? "*" : world.Substitute(test.Pattern);
                var option = test.IsRecursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
                return [.. fileSystem.Directory.GetFileSystemEntries(path, pattern, option).Order(StringComparer.Ordinal)];
            case "move":
                Move(fileSystem, path, destination);
                return [];
            case "copy":
                fileSystem.File.Copy(path, destination, overwrite: true);
                return [];
            case "stat":
                return [fileSystem.File.GetAttributes(path).ToString()];
            case "create_dir":
                fileSystem.Directory.CreateDirectory(path);
                return [];
            default:
                throw new InvalidDataException($"There is no operation '{test.Operation}'.");
        }
    }

    /// <summary>
    /// Whether the operation can be tried without a guard: it stays in the world's folder, wherever links lead, and it does
    /// not read from a pipe or device.
    /// </summary>
    public static bool CanRunUnguarded(FilesCase test, FilesWorld world)
    {
        if (!OperatingSystem.IsLinux() || test.Path.Contains('\0', StringComparison.Ordinal)
            || (test.Destination?.Contains('\0', StringComparison.Ordinal) ?? false) || test.Path.Length == 0)
        {
            return false;
        }

        var path = world.Substitute(test.Path);
        var changesNameOnly = test.Operation is "delete" or "move";
        if (!world.Contains(path, followsLast: !changesNameOnly) || (changesNameOnly && !world.Contains(path + "/.", followsLast: false)))
        {
            return false;
        }

        if (test.Destination is not null && !world.Contains(world.Substitute(test.Destination), followsLast: true))
        {
            return false;
        }

        // A listing without a guard walks through links; it is tried only where none leads to the host.
        if (test.IsRecursive && test.Setup.Any(step => step.Kind == "symlink" && !world.Contains(world.Substitute(step.Path), true)))
        {
            return false;
        }

        var pattern = test.Pattern is null ? string.Empty : world.Substitute(test.Pattern);
        if (test.Operation == "list" && pattern.Contains('/', StringComparison.Ordinal)
            && !world.Contains(Path.Combine(path, Path.GetDirectoryName(pattern) ?? string.Empty), followsLast: true))
        {
            return false;
        }

        var full = Path.Combine(world.Root, path);
        return test.Operation is "delete" or "move" or "list" or "create_dir" or "stat" || Directory.Exists(full)
            || !File.Exists(full) || NativeFiles.IsRegular(full);
    }

    private static void Delete(IFileSystem fileSystem, string path, string full)
    {
        // The platform deletes what is not there without a word; for a case that is an error like any other.
        var isThere = path.Contains('\0', StringComparison.Ordinal) || Path.Exists(full) || new FileInfo(full).LinkTarget is not null;

        // A link to a directory is a name like a file's.
        if (fileSystem.Directory.Exists(path) && fileSystem.DirectoryInfo.New(path).LinkTarget is null)
        {
            fileSystem.Directory.Delete(path, recursive: true);
        }
        else
        {
            fileSystem.File.Delete(path);
        }

        if (!isThere)
        {
            throw new FileNotFoundException("Nothing has that name.");
        }
    }

    private static void Move(IFileSystem fileSystem, string path, string destination)
    {
        if (fileSystem.Directory.Exists(path))
        {
            fileSystem.Directory.Move(path, destination);
        }
        else
        {
            fileSystem.File.Move(path, destination, overwrite: true);
        }
    }
}
