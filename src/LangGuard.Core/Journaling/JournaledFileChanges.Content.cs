using System.Globalization;
using System.Security.Cryptography;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>Changes of content: overwrite, append, change in place.</summary>
internal sealed partial class JournaledFileChanges
{
    public override FileStatus Overwrite(FileOperation operation, FileRoot root, ConfinedFile file, ReadOnlySpan<byte> content)
    {
        var status = Locate(root, file, out var parent, out var leaf, out var facts);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (parent)
        {
            status = TryExchange(operation, root, parent!, leaf, file, facts, content);
            return status == FileStatus.NotSupported
                ? OverwriteInPlace(operation, root, parent!, leaf, file, facts, content)
                : status;
        }
    }

    public override FileStatus Append(FileOperation operation, FileRoot root, ConfinedFile file, ReadOnlySpan<byte> content)
    {
        var status = Locate(root, file, out var parent, out var leaf, out var facts);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (parent)
        {
            // The old length is all that undo needs.
            var entry = NewEntry(
                FileChangeKind.Append, root, file.Name, FileState.Of(facts), PreImage.None, _store.NextNumber());
            _store.Begin(entry);
            status = base.Append(operation, root, file, content);
            return End(entry, status, parent!, leaf, string.Empty);
        }
    }

    public override FileStatus BeforeChange(FileOperation operation, FileRoot root, ConfinedFile file, bool truncates)
    {
        var status = Locate(root, file, out var parent, out var leaf, out var facts);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (parent)
        {
            // From here on nobody moves this file aside, because its content changes through an open handle.
            _store.AddWriter(facts.Identity);
            var number = _store.NextNumber();
            var kept = PreImage.None;
            try
            {
                kept = Keep(operation, parent!, leaf, facts, number, out var before);
                var entry = NewEntry(FileChangeKind.Modify, root, file.Name, before, kept, number);
                _store.Begin(entry);
                _open[file] = entry;
            }
            catch
            {
                _store.RemoveWriter(facts.Identity);
                throw;
            }
        }

        return truncates ? file.SetLength(0) : FileStatus.Ok;
    }

    public override void AfterChange(FileRoot root, ConfinedFile file)
    {
        if (!_open.Remove(file, out var entry))
        {
            return;
        }

        if (entry.Kind == FileChangeKind.Modify)
        {
            _store.RemoveWriter(entry.Before.Identity);
        }

        var status = root.Confined.OpenParent(entry.Name, followLast: false, out var parent, out var leaf, out _);
        using (parent)
        {
            var hash = string.Empty;
            if (status == FileStatus.Ok && parent!.OpenFile(leaf, FileAim.Read, out var read) == FileStatus.Ok)
            {
                using (read)
                {
                    if (read!.Facts.Length <= _store.Options.MaxCopyBytes)
                    {
                        JournalBlobs.Hash(read, out hash);
                    }
                }
            }

            var after = default(FileState);
            if (status == FileStatus.Ok)
            {
                StateOf(parent!, leaf, hash, out after);
            }

            _store.Step(entry, JournalStep.End, ChangeState.Done, after);
        }
    }

    /// <summary>Writes the new content beside, and exchanges the two in one step: the old file becomes the pre-image without
    /// a copy. <see cref="FileStatus.NotSupported"/> where that is not safe or not possible.</summary>
    private FileStatus TryExchange(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, ConfinedFile file, in FileFacts facts,
        ReadOnlySpan<byte> content)
    {
        if (!CanMoveAside(facts) || !JournalBlobs.IsUnlocked(file, FileShare.Read, FileAccess.Write)
            || parent.OpenFile(leaf, FileAim.Read, out var old) != FileStatus.Ok)
        {
            return FileStatus.NotSupported;
        }

        string hash;
        using (old)
        {
            if (old!.Facts.Identity != facts.Identity || HasExtendedAttributes(old)
                || JournalBlobs.Hash(old, out hash) != FileStatus.Ok)
            {
                return FileStatus.NotSupported;
            }
        }

        Reserve(operation, facts.Length);
        var number = _store.NextNumber();
        var blob = number.ToString("x16", CultureInfo.InvariantCulture);
        var status = Prepare(blob, facts, content, out var prepared);
        if (status != FileStatus.Ok)
        {
            _store.Return(facts.Length);
            return FileStatus.NotSupported;
        }

        var entry = NewEntry(
            FileChangeKind.Overwrite, root, file.Name, FileState.Of(facts, hash), PreImage.Moved, number, prepared.Identity);
        entry.After = FileState.Of(prepared, Convert.ToHexStringLower(SHA256.HashData(content)));
        entry.State = ChangeState.Open;
        _store.Begin(entry);
        status = _store.Blobs.Folder.Rename(blob, parent, leaf, RenameMode.Exchange);
        if (status == FileStatus.Ok && _store.Blobs.Folder.Stat(blob, out var aside) == FileStatus.Ok
            && aside.Identity != facts.Identity)
        {
            // Somebody put another file there in between: give it its name back.
            status = _store.Blobs.Folder.Rename(blob, parent, leaf, RenameMode.Exchange);
            status = status == FileStatus.Ok ? FileStatus.Unstable : status;
        }

        if (status == FileStatus.Ok)
        {
            entry.State = ChangeState.Done;
            return FileStatus.Ok;
        }

        _store.Blobs.Remove(blob);
        _store.Step(entry, JournalStep.End, ChangeState.Aborted, default);
        return status is FileStatus.Unstable ? status : FileStatus.NotSupported;
    }

    private FileStatus OverwriteInPlace(
        FileOperation operation, FileRoot root, ConfinedDirectory parent, string leaf, ConfinedFile file, in FileFacts facts,
        ReadOnlySpan<byte> content)
    {
        var number = _store.NextNumber();
        var kept = Keep(operation, parent, leaf, facts, number, out var before);
        var entry = NewEntry(FileChangeKind.Overwrite, root, file.Name, before, kept, number);
        _store.Begin(entry);
        var status = base.Overwrite(operation, root, file, content);
        return End(entry, status, parent, leaf, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private FileStatus Prepare(string blob, in FileFacts like, ReadOnlySpan<byte> content, out FileFacts prepared)
    {
        prepared = default;
        var status = _store.Blobs.Create(blob, out var file);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (file)
        {
            status = file!.Write(content, 0);
            if (status == FileStatus.Ok)
            {
                status = file.SetMode(like.Mode);
            }

            if (status == FileStatus.Ok)
            {
                status = file.Refresh(out prepared);
            }
        }

        if (status == FileStatus.Ok && prepared.Owner == like.Owner && prepared.Group == like.Group)
        {
            return FileStatus.Ok;
        }

        _store.Blobs.Remove(blob);
        return FileStatus.NotSupported;
    }

    private FileStatus End(JournalEntry entry, FileStatus status, ConfinedDirectory parent, string leaf, string hash)
    {
        StateOf(parent, leaf, hash, out var after);

        // A change that failed half-way is done as far as undo is concerned: what it replaced is worth keeping.
        _store.Step(entry, JournalStep.End, ChangeState.Done, after);
        return status;
    }

    private bool CanMoveAside(in FileFacts facts) =>
        facts is { Kind: FileKind.File, Links: 1 } && _store.Blobs.IsOnMountOf(facts.Identity)
        && !_store.HasWriter(facts.Identity) && facts.Length <= _store.Options.MaxCopyBytes;

    private static bool HasExtendedAttributes(ConfinedFile file) =>
        file is not LinuxFile linux || LinuxAttributes.Any(linux.Descriptor);
}
