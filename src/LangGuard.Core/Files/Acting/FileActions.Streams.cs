using System.IO.Abstractions;
using LangGuard.Permissions;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>Streams and handles.</summary>
internal sealed partial class FileActions
{
    private readonly OpenHandles _handles = new();

    public FileSystemStream Open(string path, in OpenRequest request)
    {
        request.Validate();
        _handles.Sweep();
        for (int attempt = 0; ; attempt++)
        {
            if (TryOpen(path, request, attempt, out ConfinedFile? file, out StreamLease? lease, out AcquiredFile? found))
            {
                using (found)
                {
                    return ToStream(path, request, file!, lease!, found!);
                }
            }
        }
    }

    public SafeFileHandle OpenHandle(string path, in OpenRequest request)
    {
        request.Validate();
        _handles.Sweep();
        for (int attempt = 0; ; attempt++)
        {
            if (TryOpen(path, request, attempt, out ConfinedFile? file, out StreamLease? lease, out AcquiredFile? found))
            {
                using (found)
                {
                    SafeFileHandle token = PlatformHandles.OpenNothing();
                    _handles.Add(new OpenHandle(token, found!.Root, file!, lease!, request.Access, found.Display));
                    return token;
                }
            }
        }
    }

    /// <summary>The file behind a handle that this session made; a denial for any other.</summary>
    public OpenHandle HandleOf(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (_handles.Find(handle) is { } open)
        {
            return open;
        }

        ObjectDisposedException.ThrowIf(handle.IsClosed, handle);
        throw Deny("handle", FileReasons.ForeignObject);
    }

    public FileSystemStream ToStream(SafeFileHandle handle, FileAccess access)
    {
        OpenHandle open = HandleOf(handle);
        if ((access & ~open.Access) != 0)
        {
            throw new ArgumentException("Handle does not support this access.", nameof(access));
        }

        ConfinedStream inner = new(open.File, access, () =>
        {
            handle.Dispose();
            _handles.Sweep();
        });
        StreamLease lease = open.Lease.Share();
        return new GuardedFileStream(new GuardedStream(inner, lease, -1), open.Display, isAsync: false);
    }

    /// <summary>A refusal of a member that has no meaning here, or of an object that was made elsewhere.</summary>
    public AccessDeniedException Refuse(string what, Reason reason) => Deny(what, reason);

    public void Dispose() => _handles.Dispose();

    private GuardedFileStream ToStream(
        string path, in OpenRequest request, ConfinedFile file, StreamLease lease, AcquiredFile found)
    {
        Stream inner = file.ToStream(request.Access, request.BufferSize, request.IsAsync);
        if (request.DeletesOnClose)
        {
            lease.OnClose(() => DeleteFile(path));
        }

        long appendStart = request.Mode == FileMode.Append ? inner.Length : -1;
        return new GuardedFileStream(
            new GuardedStream(inner, lease, appendStart), found.Root.Display(found.Name), request.IsAsync);
    }

    private bool TryOpen(
        string path, in OpenRequest request, int attempt, out ConfinedFile? file, out StreamLease? lease, out AcquiredFile? found)
    {
        file = null;
        lease = null;
        found = AcquireContent(path, request.Mode, request.Access);
        Permit? permit = null;
        FileMeter meter = MeterOf(found.Root);
        bool isOpen = false;
        try
        {
            if (request.DeletesOnClose)
            {
                FileTarget target = found.Operation.Target;
                target = target with { Permissions = target.Permissions | FilePermissions.Delete };
                found.Operation = new FileOperation(
                    _session.Principal, found.Operation.Effects | Effects.Delete, in target, found);
            }

            permit = _session.Authorize(found.Operation);
            ThrowIfFailed(found);
            FileGrant grant = GrantOf(permit);
            ThrowIf(meter.ReserveOpen(grant.Limits), found.Operation);
            isOpen = true;
            bool isNew = found.Creates;
            if ((request.Access & FileAccess.Write) != 0)
            {
                CheckExtension(found, grant);
            }

            if (isNew && !TryCreate(found, grant, meter, AimOf(request.Access), attempt))
            {
                return false;
            }

            ThrowIf(found.File!.Lock(request.Share, request.Access), found.Display);
            lease = Prepare(found, request, permit, meter, isNew);
            file = found.TakeFile();
            if ((request.Access & FileAccess.Write) != 0)
            {
                (ConfinedFile changed, FileRoot root) = (file, found.Root);
                lease.OnClose(() => _changes.AfterChange(root, changed));
            }

            isOpen = false;
            permit = null;
            return true;
        }
        finally
        {
            if (isOpen)
            {
                meter.ReturnOpen();
            }

            permit?.Dispose();
            if (file is null)
            {
                EndChange(found);
                found.Dispose();
            }
        }
    }

    private StreamLease Prepare(AcquiredFile found, in OpenRequest request, Permit permit, FileMeter meter, bool isNew)
    {
        bool writes = (request.Access & FileAccess.Write) != 0;
        bool truncates = !isNew && request.Mode is FileMode.Create or FileMode.Truncate && found.Facts.Length > 0;
        ConfinedFile file = found.File!;
        FileOperation operation = found.Operation;
        FileRoot root = found.Root;
        string display = found.Display;
        byte[] head = writes && !isNew && !truncates ? HeadOf(found) : [];
        if (truncates)
        {
            // The platform empties the file when it is opened.
            ThrowIf(_changes.BeforeChange(operation, root, file, truncates: true), display);
        }

        if (isNew && request.PreallocationSize > 0)
        {
            FileLimits limits = GrantOf(permit).Limits;
            ThrowIf(request.PreallocationSize > limits.WriteBytes ? FileReasons.WriteLimit : null, operation);
            ThrowIf(meter.ReserveWrite(request.PreallocationSize, limits), operation);
            meter.ReturnWrite(request.PreallocationSize);
        }

        if (isNew && request.CreateMode is { } mode)
        {
            ThrowIf((mode & (SetIdBits | ExecuteBits)) != 0 ? FileReasons.Executable : null, operation);
            ThrowIf(file.SetMode(mode), display);
        }

        Action? beforeFirst = isNew || truncates || !writes
            ? null
            : () => ThrowIf(_changes.BeforeChange(operation, root, file, truncates: false), display);
        return new StreamLease(_session, operation, permit, meter, beforeFirst, head);
    }

    /// <summary>The first bytes that a file has, read through a handle of its own when the one at hand can not read.</summary>
    private static byte[] HeadOf(AcquiredFile found)
    {
        if (found.Facts.Length == 0)
        {
            return [];
        }

        byte[] head = ReadHead(found.File!);
        if (head.Length > 0
            || found.Root.Confined.Open(found.Resolved, FileAim.Read, out ConfinedFile? file) != FileStatus.Ok)
        {
            return head;
        }

        using (file)
        {
            return file!.Facts.Identity == found.Facts.Identity ? ReadHead(file) : [];
        }
    }

    private static FileAim AimOf(FileAccess access) =>
        ((access & FileAccess.Read) != 0 ? FileAim.Read : 0) | ((access & FileAccess.Write) != 0 ? FileAim.Write : 0);
}
