namespace LangGuard.Files;

/// <summary>
/// The one place where a guarded file system changes anything: one method for each kind of change, called after the decision
/// with the handles that the decision was made on. A journal keeps what it needs here, before the change.
/// </summary>
internal class FileChanges
{
    /// <summary>A new, empty file. Fails when the name is taken.</summary>
    public virtual FileStatus Create(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, FileAim aim, out ConfinedFile? file) =>
        parent.CreateFile(leaf, aim, NewFileMode, out file);

    /// <summary>The whole content of an existing file is replaced in one call.</summary>
    public virtual FileStatus Overwrite(FileOperation operation, FileRoot root, ConfinedFile file, ReadOnlySpan<byte> content)
    {
        FileStatus status = file.SetLength(0);
        return status == FileStatus.Ok ? file.Write(content, 0) : status;
    }

    /// <summary>Content goes to the end of an existing file in one call.</summary>
    public virtual FileStatus Append(FileOperation operation, FileRoot root, ConfinedFile file, ReadOnlySpan<byte> content)
    {
        FileStatus status = file.Refresh(out FileFacts facts);
        return status == FileStatus.Ok ? file.Write(content, facts.Length) : status;
    }

    /// <summary>Called once before a stream or handle changes an existing file in place for the first time.</summary>
    public virtual FileStatus BeforeChange(FileOperation operation, FileRoot root, ConfinedFile file, bool truncates) =>
        truncates ? file.SetLength(0) : FileStatus.Ok;

    /// <summary>Called when a file that was created, or changed in place, will not be changed through this handle any more.
    /// Calling it for another file, or again, does nothing.</summary>
    public virtual void AfterChange(FileRoot root, ConfinedFile file)
    {
    }

    /// <summary>A file that was created a moment ago, and is still empty, must not stay.</summary>
    public virtual void TakeBack(ConfinedFile file, ConfinedDirectory parent, string leaf)
    {
        file.Dispose();
        _ = parent.RemoveFile(leaf);
    }

    /// <summary>A file, link or other entry that is no directory loses its name.</summary>
    public virtual FileStatus DeleteFile(FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf) =>
        parent.RemoveFile(leaf);

    /// <summary>An empty directory is removed.</summary>
    public virtual FileStatus DeleteDirectory(FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf) =>
        parent.RemoveDirectory(leaf);

    /// <summary>A name becomes another; with <see cref="RenameMode.ReplaceTarget"/> an existing file is lost.</summary>
    public virtual FileStatus Move(
        FileOperation operation,
        FileRoot root,
        ConfinedDirectory parent,
        string leaf,
        FileRoot targetRoot,
        ConfinedDirectory target,
        string targetLeaf,
        RenameMode mode)
    {
        FileStatus status = parent.Rename(leaf, target, targetLeaf, mode);
        if (status == FileStatus.Invalid && mode == RenameMode.KeepTarget
            && target.Stat(targetLeaf, out _) == FileStatus.NotFound)
        {
            // Some file systems know no flags for a rename.
            status = parent.Rename(leaf, target, targetLeaf, RenameMode.ReplaceTarget);
        }

        return status;
    }

    /// <summary>A new directory. Fails when the name is taken.</summary>
    public virtual FileStatus CreateDirectory(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, UnixFileMode mode) =>
        parent.CreateDirectory(leaf, mode);

    /// <summary>A new symbolic link, whose target has been checked.</summary>
    public virtual FileStatus CreateLink(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, string target) =>
        parent.CreateLink(leaf, target);

    /// <summary>Mode or times of an existing file.</summary>
    public virtual FileStatus ChangeFacts(
        FileOperation operation, FileRoot root, ConfinedFile file, UnixFileMode? mode, long? accessTicks, long? writeTicks)
    {
        FileStatus status = mode is { } value ? file.SetMode(value) : FileStatus.Ok;
        return status == FileStatus.Ok && (accessTicks is not null || writeTicks is not null)
            ? file.SetTimes(accessTicks, writeTicks)
            : status;
    }

    private static UnixFileMode NewFileMode => UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
}
