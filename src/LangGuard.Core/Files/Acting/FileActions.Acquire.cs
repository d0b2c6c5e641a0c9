using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Acquiring: everything that happens before the decision. No member here has an effect.</summary>
internal sealed partial class FileActions
{
    /// <summary>Acquires a file for its content: opens it where it exists, or the directory in which it would be created.</summary>
    private AcquiredFile AcquireContent(string path, FileMode mode, FileAccess access, bool append = false)
    {
        ParsedPath parsed = Parse(path);
        FileRoot root = parsed.Root!;
        FileAim aim = ((access & FileAccess.Read) != 0 ? FileAim.Read : 0)
            | ((access & FileAccess.Write) != 0 ? FileAim.Write : 0)
            | (append ? FileAim.Append : 0);
        FilePermissions permissions = ((access & FileAccess.Read) != 0 ? FilePermissions.Read : 0)
            | ((access & FileAccess.Write) != 0 ? FilePermissions.Modify : 0);
        if (mode != FileMode.CreateNew)
        {
            FileStatus status = root.Confined.Open(parsed.Name, aim, out ConfinedFile? file);
            if (status == FileStatus.Ok)
            {
                return Found(parsed, file!, permissions);
            }

            if (status != FileStatus.NotFound || mode is FileMode.Open or FileMode.Truncate)
            {
                return Failed(parsed, permissions, status);
            }
        }

        return AcquireFreeName(parsed, permissions, mode);
    }

    private AcquiredFile Found(in ParsedPath parsed, ConfinedFile file, FilePermissions permissions)
    {
        FileFacts facts = file.Facts;
        FileStatus status = facts.Kind switch
        {
            FileKind.File when parsed.MustBeDirectory => FileStatus.NotDirectory,
            FileKind.File => FileStatus.Ok,
            FileKind.Directory => FileStatus.IsDirectory,
            _ when parsed.Root!.HandsOutSpecialFiles => FileStatus.Ok,
            _ => FileStatus.Special,
        };
        AcquiredFile found = new()
        {
            Root = parsed.Root!,
            Name = parsed.Name,
            Resolved = file.Name,
            File = file,
            Facts = facts,
            Status = status,
        };
        return Described(found, permissions, facts);
    }

    private AcquiredFile AcquireFreeName(in ParsedPath parsed, FilePermissions permissions, FileMode mode)
    {
        bool follow = mode != FileMode.CreateNew;
        FileStatus status = parsed.Root!.Confined.OpenParent(
            parsed.Name, follow, out ConfinedDirectory? parent, out string leaf, out string resolved);
        FileFacts facts = default;
        if (status == FileStatus.Ok)
        {
            FileStatus there = parent!.Stat(leaf, out facts);
            status = there switch
            {
                FileStatus.NotFound when parsed.MustBeDirectory => FileStatus.IsDirectory,
                FileStatus.NotFound => FileStatus.Ok,
                FileStatus.Ok when mode == FileMode.CreateNew => FileStatus.Exists,
                FileStatus.Ok => FileStatus.Unstable,
                _ => there,
            };
        }

        FilePermissions needed = (permissions & ~FilePermissions.Modify) | FilePermissions.Create;
        return Described(Named(parsed, resolved, parent, leaf, facts, status), needed, default);
    }

    /// <summary>Acquires a name itself, never what a link in its last part points to.</summary>
    private AcquiredFile AcquireName(string path, FilePermissions permissions, string parameter = "path") =>
        AcquireName(Parse(path, parameter), permissions);

    private AcquiredFile AcquireName(in ParsedPath parsed, FilePermissions permissions)
    {
        FileStatus status = parsed.Root!.Confined.OpenParent(
            parsed.Name, false, out ConfinedDirectory? parent, out string leaf, out string resolved);
        FileFacts facts = default;
        if (status == FileStatus.Ok)
        {
            status = parsed.Name.Length == 0
                ? parsed.Root.Confined.Stat(string.Empty, out facts, out _)
                : parent!.Stat(leaf, out facts);
        }

        // A slash at the end asks for a directory; what a link leads to is not the link.
        if (status == FileStatus.Ok && parsed.MustBeDirectory && facts.Kind != FileKind.Directory)
        {
            status = FileStatus.NotDirectory;
        }

        return Described(Named(parsed, resolved, parent, leaf, facts, status), permissions, facts);
    }

    /// <summary>Acquires facts only: no handle is held.</summary>
    private AcquiredFile AcquireFacts(string path, FilePermissions permissions)
    {
        ParsedPath parsed = Parse(path);
        FileStatus status = parsed.Root!.Confined.Stat(parsed.Name, out FileFacts facts, out string resolved);
        if (status == FileStatus.Ok && parsed.MustBeDirectory && facts.Kind != FileKind.Directory)
        {
            status = FileStatus.NotDirectory;
        }

        if (status is not FileStatus.Ok)
        {
            return Failed(parsed, permissions, status);
        }

        AcquiredFile found = new()
        {
            Root = parsed.Root,
            Name = parsed.Name,
            Resolved = resolved,
            Facts = facts,
        };
        return Described(found, permissions, facts);
    }

    /// <summary>Nothing was acquired; what the name resolves to is still found out, because the rules look at it.</summary>
    private AcquiredFile Failed(in ParsedPath parsed, FilePermissions permissions, FileStatus status)
    {
        string resolved = parsed.Name;
        if (status != FileStatus.Outside && parsed.Name.Length > 0)
        {
            FileStatus walked = parsed.Root!.Confined.OpenParent(
                parsed.Name, true, out ConfinedDirectory? parent, out _, out resolved);
            parent?.Dispose();
            if (walked is FileStatus.Outside or FileStatus.TooManyLinks)
            {
                status = walked;
            }
        }

        FileTarget target = TargetFor(parsed.Root!, parsed.Name, resolved, permissions, default, status);
        AcquiredFile failed = new() { Root = parsed.Root!, Name = parsed.Name, Resolved = resolved, Status = status };
        failed.Operation = new FileOperation(_session.Principal, EffectsOf(permissions), in target, null);
        return failed;
    }

    private static AcquiredFile Named(
        in ParsedPath parsed, string resolved, ConfinedDirectory? parent, string leaf, in FileFacts facts, FileStatus status) => new()
        {
            Root = parsed.Root!,
            Name = parsed.Name,
            Resolved = resolved,
            Parent = parent,
            Leaf = leaf,
            Facts = facts,
            Status = status,
        };

    private AcquiredFile Described(AcquiredFile found, FilePermissions permissions, in FileFacts facts)
    {
        FileTarget target = TargetFor(found.Root, found.Name, found.Resolved, permissions, facts, found.Status);
        found.Operation = new FileOperation(_session.Principal, EffectsOf(permissions), in target, found);
        return found;
    }

    private static Effects EffectsOf(FilePermissions permissions) =>
        ((permissions & Reading) != 0 ? Effects.Read : Effects.None)
        | ((permissions & (FilePermissions.Create | FilePermissions.Modify | FilePermissions.Link)) != 0 ? Effects.Write : Effects.None)
        | ((permissions & FilePermissions.Delete) != 0 ? Effects.Delete : Effects.None);
}
