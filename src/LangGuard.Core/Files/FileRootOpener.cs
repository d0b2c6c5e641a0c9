using System.IO.Abstractions;
using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Opens the directory of a root by the strongest way that the platform has.</summary>
internal static class FileRootOpener
{
    /// <summary>Opens a root, or says what is wrong with it.</summary>
    public static string? TryOpen(string name, FileRootOptions options, ProtectedIdentities identities, WallsOff off, out FileRoot? root)
    {
        root = null;
        string given = options.Root!;
        if ((options.FileSystem ?? (off.Has(Wall.FileConfinement) ? new FileSystem() : null)) is { } fileSystem)
        {
            string full = fileSystem.Path.GetFullPath(given);
            if (!fileSystem.Directory.Exists(full))
            {
                return "The directory does not exist in that file system.";
            }

            HostPath[] spelling = [new HostPath(full)];
            string anchor = $"{System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(fileSystem)}:{full}";
            root = new FileRoot(name, anchor, spelling, new PathRoot(new ForeignFiles(fileSystem), full, spelling), options, identities, off);
            return null;
        }

        if (!Path.IsPathFullyQualified(given))
        {
            return "The path is not absolute.";
        }

        if (!HostFiles.DirectoryExists(given))
        {
            return "The directory does not exist.";
        }

        string canonical = HostFiles.Canonical(given);
        if (Path.GetPathRoot(canonical) is { } top && string.Equals(top.TrimEnd('/', '\\'), canonical.TrimEnd('/', '\\'), StringComparison.OrdinalIgnoreCase))
        {
            return "The directory is a file system root.";
        }

        HostPath[] spellings = string.Equals(given, canonical, StringComparison.Ordinal)
            ? [new HostPath(canonical)]
            : [new HostPath(canonical), new HostPath(Path.GetFullPath(given))];
        ConfinedRoot? confined = OpenConfined(canonical, spellings, options, off);
        if (confined is null)
        {
            return "The directory can not be opened.";
        }

        root = new FileRoot(name, canonical, spellings, confined, options, identities, off);
        return null;
    }

    private static ConfinedRoot? OpenConfined(string canonical, HostPath[] spellings, FileRootOptions options, WallsOff off)
    {
        if (!LinuxNumbers.AreKnown || options.ForcedConfinement == FileConfinement.VerifyAfterOpen || off.Has(Wall.FileHandles))
        {
            return new PathRoot(new HostFiles(), canonical, spellings);
        }

        bool walk = options.ForcedConfinement == FileConfinement.HandleWalk || off.Has(Wall.FileKernel);
        return LinuxRoot.Create(canonical, spellings, walk, out LinuxRoot? root, options.RefuseOtherMounts && !off.Has(Wall.Mounts)) == FileStatus.Ok ? root : null;
    }
}
