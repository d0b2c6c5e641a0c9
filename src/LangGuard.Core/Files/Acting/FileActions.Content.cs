using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Whole contents: read, overwrite, append.</summary>
internal sealed partial class FileActions
{
    public byte[] ReadAll(string path)
    {
        if (TryReadDirectly(path) is { } content)
        {
            return content;
        }

        using AcquiredFile found = AcquireContent(path, FileMode.Open, FileAccess.Read);
        using Permit permit = _session.Authorize(found.Operation);
        return ReadAll(found, permit);
    }

    /// <summary>
    /// The shortest way to a regular file that is reached without a link: one call to open, one for the facts, one to read.
    /// Null for everything else, which takes the long way.
    /// </summary>
    private byte[]? TryReadDirectly(string path)
    {
        ParsedPath parsed = Parse(path);
        FileRoot root = parsed.Root!;
        if (parsed.MustBeDirectory || root.Confined is not LinuxRoot confined
            || confined.OpenBare(parsed.Name, out int descriptor, out FileFacts facts) != FileStatus.Ok)
        {
            return null;
        }

        try
        {
            if (facts.Kind != FileKind.File)
            {
                return null;
            }

            FileTarget target = TargetFor(root, parsed.Name, parsed.Name, FilePermissions.Read, facts, FileStatus.Ok);
            FileOperation operation = new(_session.Principal, Effects.Read, in target, null);
            using Permit permit = _session.Authorize(operation);
            FileMeter meter = MeterOf(root);
            ThrowIf(LinuxFile.LockShared(descriptor), root.Display(parsed.Name));
            ThrowIf(meter.ReserveRead(facts.Length, GrantOf(permit).Limits), operation);
            permit.BeginResult();
            FileStatus status = LinuxFile.ReadWhole(descriptor, facts.Length, out byte[] content);
            meter.ReturnRead(facts.Length - content.Length);
            ThrowIf(status, root.Display(parsed.Name));
            permit.Complete(OperationOutcome.Success(bytesIn: content.Length));
            return content;
        }
        finally
        {
            _ = LinuxCalls.Close(descriptor);
        }
    }

    public async Task<byte[]> ReadAllAsync(string path, CancellationToken cancellationToken)
    {
        ThrowIfCancelled(cancellationToken);
        using AcquiredFile found = AcquireContent(path, FileMode.Open, FileAccess.Read);
        using Permit permit = await _session.AuthorizeAsync(found.Operation, cancellationToken).ConfigureAwait(false);
        return ReadAll(found, permit);
    }

    public void WriteAll(string path, ReadOnlySpan<byte> content)
    {
        for (int attempt = 0; ; attempt++)
        {
            using AcquiredFile found = AcquireContent(path, FileMode.Create, FileAccess.Write);
            found.Operation = WithContent(found, content);
            using Permit permit = _session.Authorize(found.Operation);
            if (TryWriteAll(found, permit, content, attempt))
            {
                return;
            }
        }
    }

    public Task WriteAllAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAllAsync(path, FileMode.Create, content, cancellationToken);

    /// <summary>A new file with its whole content, so that a person who is asked sees both.</summary>
    public Task CreateAllAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        WriteAllAsync(path, FileMode.CreateNew, content, cancellationToken);

    private async Task WriteAllAsync(
        string path, FileMode mode, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        content = Kept(content);
        for (int attempt = 0; ; attempt++)
        {
            ThrowIfCancelled(cancellationToken);
            using AcquiredFile found = AcquireContent(path, mode, FileAccess.Write);
            found.Operation = WithContent(found, content.Span);
            using Permit permit = await _session.AuthorizeAsync(found.Operation, cancellationToken).ConfigureAwait(false);
            if (TryWriteAll(found, permit, content.Span, attempt))
            {
                return;
            }
        }
    }

    public void AppendAll(string path, ReadOnlySpan<byte> content, ReadOnlySpan<byte> preamble)
    {
        for (int attempt = 0; ; attempt++)
        {
            using AcquiredFile found = AcquireContent(path, FileMode.Append, FileAccess.Write, append: true);
            found.Operation = WithContent(found, content, found.Facts.Length == 0 ? preamble : default);
            using Permit permit = _session.Authorize(found.Operation);
            if (TryAppend(found, permit, content, preamble, attempt))
            {
                return;
            }
        }
    }

    public async Task AppendAllAsync(
        string path, ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> preamble, CancellationToken cancellationToken)
    {
        content = Kept(content);
        for (int attempt = 0; ; attempt++)
        {
            ThrowIfCancelled(cancellationToken);
            using AcquiredFile found = AcquireContent(path, FileMode.Append, FileAccess.Write, append: true);
            found.Operation = WithContent(found, content.Span, found.Facts.Length == 0 ? preamble.Span : default);
            using Permit permit = await _session.AuthorizeAsync(found.Operation, cancellationToken).ConfigureAwait(false);
            if (TryAppend(found, permit, content.Span, preamble.Span, attempt))
            {
                return;
            }
        }
    }

    // The platform's members return a cancelled task.
    private static void ThrowIfCancelled(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException(null, null, cancellationToken);
        }
    }

    private byte[] ReadAll(AcquiredFile found, Permit permit)
    {
        ThrowIfFailed(found);
        ConfinedFile file = found.File!;
        ThrowIf(file.Lock(FileShare.Read, FileAccess.Read), found.Display);
        FileMeter meter = MeterOf(found.Root);
        FileLimits limits = GrantOf(permit).Limits;
        long length = found.Facts.Length;
        ThrowIf(meter.ReserveRead(length, limits), found.Operation);
        permit.BeginResult();
        byte[] content = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, Array.MaxLength));
        int filled = 0;
        while (filled < content.Length)
        {
            ThrowIf(file.Read(content.AsSpan(filled), filled, out int read), found.Display);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        if (filled < content.Length)
        {
            meter.ReturnRead(content.Length - filled);
            Array.Resize(ref content, filled);
        }

        permit.Complete(OperationOutcome.Success(bytesIn: filled));
        return content;
    }

    private bool TryWriteAll(AcquiredFile found, Permit permit, ReadOnlySpan<byte> content, int attempt)
    {
        ThrowIfFailed(found);
        FileGrant grant = GrantOf(permit);
        CheckContent(found, grant, content, content.Length);
        FileMeter meter = MeterOf(found.Root);
        ThrowIf(meter.ReserveWrite(content.Length, grant.Limits), found.Operation);
        bool isDone = false;
        try
        {
            if (found.Creates && !TryCreate(found, grant, meter, FileAim.Write, attempt))
            {
                return false;
            }

            ConfinedFile file = found.File!;
            ThrowIf(file.Lock(FileShare.Read, FileAccess.Write), found.Display);
            ThrowIf(
                found.Parent is null
                    ? _changes.Overwrite(found.Operation, found.Root, file, content)
                    : file.Write(content, 0),
                found.Display);
            isDone = true;
        }
        finally
        {
            EndChange(found);
            if (!isDone)
            {
                meter.ReturnWrite(content.Length);
            }
        }

        permit.Complete(OperationOutcome.Success(bytesOut: content.Length));
        return true;
    }

    private bool TryAppend(
        AcquiredFile found, Permit permit, ReadOnlySpan<byte> content, ReadOnlySpan<byte> preamble, int attempt)
    {
        ThrowIfFailed(found);
        FileGrant grant = GrantOf(permit);
        long before = found.Facts.Length;
        byte[]? joined = before == 0 && preamble.Length > 0 ? [.. preamble, .. content] : null;
        ReadOnlySpan<byte> bytes = joined ?? content;
        CheckContent(found, grant, HeadAfter(found, bytes), before + bytes.Length);
        FileMeter meter = MeterOf(found.Root);
        ThrowIf(meter.ReserveWrite(bytes.Length, grant.Limits), found.Operation);
        bool isDone = false;
        try
        {
            if (found.Creates && !TryCreate(found, grant, meter, FileAim.Write | FileAim.Append, attempt))
            {
                return false;
            }

            ConfinedFile file = found.File!;
            ThrowIf(file.Lock(FileShare.Read, FileAccess.Write), found.Display);
            ThrowIf(
                found.Parent is null
                    ? _changes.Append(found.Operation, found.Root, file, bytes)
                    : file.Write(bytes, 0),
                found.Display);
            isDone = true;
        }
        finally
        {
            EndChange(found);
            if (!isDone)
            {
                meter.ReturnWrite(bytes.Length);
            }
        }

        permit.Complete(OperationOutcome.Success(bytesOut: bytes.Length));
        return true;
    }

    private void EndChange(AcquiredFile found)
    {
        if (found.File is { } file)
        {
            _changes.AfterChange(found.Root, file);
        }
    }

    /// <summary>Creates what was acquired as a free name. False when somebody else took it: decide again on what is there.</summary>
    private bool TryCreate(AcquiredFile found, FileGrant grant, FileMeter meter, FileAim aim, int attempt)
    {
        ThrowIf(meter.ReserveFiles(1, grant.Limits), found.Operation);
        FileStatus status = _changes.Create(found.Operation, found.Root, found.Parent!, found.Leaf, aim, out ConfinedFile? file);
        if (status == FileStatus.Ok && !IsInPlace(found.Root, found.Parent!))
        {
            // Nothing has been written yet.
            _changes.TakeBack(file!, found.Parent!, found.Leaf);
            meter.ReturnFiles(1);
            throw Denied(FileReasons.Unstable, found.Operation);
        }

        if (status == FileStatus.Ok)
        {
            found.File = file;
            return true;
        }

        meter.ReturnFiles(1);
        if (status == FileStatus.Exists && attempt < AttemptLimit)
        {
            return false;
        }

        throw FileErrors.For(status, found.Display);
    }

    /// <summary>Checks what a write would leave behind: length, extension, kind.</summary>
    private static void CheckContent(AcquiredFile found, FileGrant grant, ReadOnlySpan<byte> head, long length)
    {
        ThrowIf(length > grant.Limits.WriteBytes ? FileReasons.WriteLimit : null, found.Operation);
        CheckExtension(found, grant);
        ThrowIf((ContentSniffer.KindOf(head) & grant.DenyContent) != 0 ? FileReasons.Content : null, found.Operation);
    }

    /// <summary>The first bytes that a file will have: what it begins with, and what is appended to so short a beginning.</summary>
    private static ReadOnlySpan<byte> HeadAfter(AcquiredFile found, ReadOnlySpan<byte> appended)
    {
        if (found.Facts.Length == 0 || found.Facts.Length >= ContentSniffer.Window)
        {
            return found.Facts.Length == 0 ? appended : [];
        }

        byte[] head = HeadOf(found);
        return (byte[])[.. head, .. appended[..Math.Min(appended.Length, ContentSniffer.Window - head.Length)]];
    }

    private static void CheckExtension(AcquiredFile found, FileGrant grant) => ThrowIf(
        grant.AllowsExtension(found.Name) && grant.AllowsExtension(found.Resolved) ? null : FileReasons.Extension,
        found.Operation);

    /// <summary>Denies now what a write of this content would be denied for later. Nothing is charged, and nobody is asked.
    /// False when a link beneath the given directory would lead the write elsewhere.</summary>
    public bool RequireWrite(string path, string beneath, bool replaces, long length, ReadOnlySpan<byte> head)
    {
        using AcquiredFile found = AcquireContent(path, replaces ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
        FileGrant grant = RequireAllowed(found);
        if (found.Status != FileStatus.NotFound)
        {
            ThrowIfFailed(found);
        }

        CheckContent(found, grant, head, length);
        ParsedPath directory = Parse(beneath);
        _ = directory.Root!.Confined.Stat(directory.Name, out _, out string resolved);
        string rest = found.Name[directory.Name.Length..].TrimStart('/');
        return string.Equals(found.Resolved, resolved.Length == 0 ? rest : $"{resolved}/{rest}", StringComparison.Ordinal);
    }

    /// <summary>What the policy says about an operation that comes later, and its grant. A denial is recorded as any other.</summary>
    private FileGrant RequireAllowed(AcquiredFile found)
    {
        Decision decision = _session.Policy.Decide(found.Operation, _session);
        return decision.Kind is DecisionKind.Allow or DecisionKind.Ask
            ? (FileGrant)decision.Grant!
            : throw Refused(found, decision.Reason ?? FileReasons.NotGranted);
    }

    private bool MayAsk => _session.Policy.Options.AnticipateMisuse.RequireApproval.AsksForAnything;

    /// <summary>Binds what is asked for to the content, where somebody may be asked.</summary>
    private FileOperation WithContent(AcquiredFile found, ReadOnlySpan<byte> content) =>
        MayAsk ? With(found, WrittenContent.Replacing(content)) : found.Operation;

    private FileOperation WithContent(AcquiredFile found, ReadOnlySpan<byte> content, ReadOnlySpan<byte> preamble) =>
        MayAsk ? With(found, WrittenContent.Appending(content, preamble)) : found.Operation;

    private FileOperation With(AcquiredFile found, WrittenContent written) =>
        new(_session.Principal, found.Operation.Effects, found.Operation.Target) { Held = found, Written = written };

    /// <summary>The content as it is now, where somebody may be asked: what a person approves is what is written, whatever the
    /// caller does with its own memory meanwhile.</summary>
    private ReadOnlyMemory<byte> Kept(ReadOnlyMemory<byte> content) => MayAsk ? content.ToArray() : content;
}
