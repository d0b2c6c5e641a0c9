using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Copies: the content of one acquired file into another.</summary>
internal sealed partial class FileActions
{
    private const int CopyBuffer = 128 * 1024;

    private const UnixFileMode ExecuteBits = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public void Copy(string source, string destination, bool overwrite)
    {
        for (int attempt = 0; ; attempt++)
        {
            using AcquiredFile from = AcquireContent(source, FileMode.Open, FileAccess.Read);
            using AcquiredFile to = AcquireContent(
                destination, overwrite ? FileMode.OpenOrCreate : FileMode.CreateNew, FileAccess.Write);
            FileOperation operation = new(
                _session.Principal, Effects.Read | Effects.Write, from.Operation.Target, to.Operation.Target)
            {
                Held = new HeldPair(from, to),
            };
            from.Operation = operation;
            to.Operation = operation;
            using Permit permit = _session.Authorize(operation);
            if (TryCopy(from, to, permit, attempt))
            {
                return;
            }
        }
    }

    private bool TryCopy(AcquiredFile from, AcquiredFile to, Permit permit, int attempt)
    {
        ThrowIfFailed(from);
        ThrowIfFailed(to);
        FileGrant grant = GrantOf(permit);
        if (to.File is { } same && same.Facts.Identity == from.Facts.Identity && same.Facts.Identity.IsKnown)
        {
            throw FileErrors.For(FileStatus.InUse, to.Display);
        }

        ThrowIf(from.File!.Lock(FileShare.Read, FileAccess.Read), from.Display);
        CheckContent(to, grant, ReadHead(from.File), from.Facts.Length);
        FileMeter sourceMeter = MeterOf(from.Root);
        FileMeter meter = MeterOf(to.Root);
        ThrowIf(sourceMeter.ReserveRead(from.Facts.Length, grant.Limits), to.Operation);
        ThrowIf(meter.ReserveWrite(from.Facts.Length, grant.Limits), to.Operation);
        permit.BeginResult();
        if (to.Creates)
        {
            if (!TryCreate(to, grant, meter, FileAim.Write, attempt))
            {
                meter.ReturnWrite(from.Facts.Length);
                return false;
            }
        }
        else
        {
            ThrowIf(to.File!.Lock(FileShare.None, FileAccess.Write), to.Display);
            ThrowIf(_changes.BeforeChange(to.Operation, to.Root, to.File, truncates: true), to.Display);
        }

        long copied;
        try
        {
            copied = CopyContent(from.File, to, from.Facts.Length);
            KeepFacts(from.File, to);
        }
        finally
        {
            EndChange(to);
        }

        permit.Complete(OperationOutcome.Success(bytesIn: copied, bytesOut: copied));
        return true;
    }

    private FileStatus CopyToNew(FileOperation operation, ConfinedFile source, AcquiredFile to, FileGrant grant)
    {
        FileFacts facts = source.Facts;
        ThrowIf(facts.Kind == FileKind.File ? null : FileReasons.NotRegular, operation);
        ThrowIf(MeterOf(to.Root).ReserveWrite(facts.Length, grant.Limits), operation);
        FileStatus status = _changes.Create(
            operation, to.Root, to.Parent!, to.Leaf, FileAim.Write, out ConfinedFile? target);
        if (status == FileStatus.Ok && !IsInPlace(to.Root, to.Parent!))
        {
            _changes.TakeBack(target!, to.Parent!, to.Leaf);
            status = FileStatus.Unstable;
        }

        if (status != FileStatus.Ok)
        {
            return status;
        }

        to.File = target;
        try
        {
            _ = CopyContent(source, to, facts.Length);
            KeepFacts(source, to);
        }
        finally
        {
            EndChange(to);
        }

        return FileStatus.Ok;
    }

    // Never more than was reserved: a source that grows while it is copied does not get past a quota.
    private static long CopyContent(ConfinedFile source, AcquiredFile to, long length)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            long done = 0;
            while (done < length)
            {
                int wanted = (int)Math.Min(buffer.Length, length - done);
                ThrowIf(source.Read(buffer.AsSpan(0, wanted), done, out int read), to.Display);
                if (read == 0)
                {
                    break;
                }

                ThrowIf(to.File!.Write(buffer.AsSpan(0, read), done), to.Display);
                done += read;
            }

            return done;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>As the platform does, a copy keeps mode and time of its source, but never the right to execute.</summary>
    private static void KeepFacts(ConfinedFile source, AcquiredFile to)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = to.File!.SetMode(source.Facts.Mode & ~(SetIdBits | ExecuteBits | UnixFileMode.StickyBit));
        }

        _ = to.File!.SetTimes(source.Facts.LastAccessTicks, source.Facts.LastWriteTicks);
    }

    private static byte[] ReadHead(ConfinedFile file)
    {
        byte[] head = new byte[ContentSniffer.Window];
        return file.Read(head, 0, out int read) == FileStatus.Ok ? head[..read] : [];
    }
}
