using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>An opened object by its descriptor.</summary>
internal sealed unsafe class LinuxFile : ConfinedFile
{
    private const int SharedLock = 1;
    private const int ExclusiveLock = 2;
    private const int LockNow = 4;
    private int _descriptor;

    private LinuxFile(int descriptor, string name, in FileFacts facts)
    {
        _descriptor = descriptor;
        Name = name;
        Facts = facts;
    }

    public override FileFacts Facts { get; }

    public override string Name { get; }

    /// <summary>Gets the descriptor for the system calls of this folder.</summary>
    internal int Descriptor => _descriptor;

    /// <summary>
    /// O_NONBLOCK so that a pipe never blocks, O_NOCTTY so that a terminal is never adopted. No O_CREAT and no O_TRUNC: opening
    /// changes nothing.
    /// </summary>
    public static int FlagsFor(FileAim aim)
    {
        if (aim == FileAim.Facts)
        {
            return LinuxCalls.PathOnly | LinuxCalls.CloseOnExec;
        }

        int access = (aim & (FileAim.Read | FileAim.Write)) switch
        {
            FileAim.Read => LinuxCalls.ReadOnly,
            FileAim.Write => LinuxCalls.WriteOnly,
            _ => LinuxCalls.ReadWrite,
        };
        int append = (aim & FileAim.Append) != 0 ? LinuxCalls.AppendOnly : 0;
        return access | append | LinuxCalls.CloseOnExec | LinuxCalls.NoTerminal | LinuxCalls.NonBlocking;
    }

    /// <summary>Takes over a descriptor; pipes, sockets and devices are closed at once.</summary>
    public static FileStatus Adopt(int descriptor, string name, bool forFacts, out ConfinedFile? file)
    {
        file = null;
        FileStatus status = LinuxStat.OfDescriptor(descriptor, out FileFacts facts);
        if (status == FileStatus.Ok && facts.Kind == FileKind.Special && !forFacts)
        {
            status = FileStatus.Special;
        }

        if (status == FileStatus.Ok)
        {
            file = new LinuxFile(descriptor, name, facts);
        }
        else
        {
            _ = LinuxCalls.Close(descriptor);
        }

        return status;
    }

    /// <summary>The lock that a reader takes; in use only when somebody holds the file for himself.</summary>
    public static FileStatus LockShared(int descriptor) =>
        LinuxCalls.Lock(descriptor, SharedLock | LockNow) == 0 || LinuxErrors.Last() != FileStatus.InUse
            ? FileStatus.Ok
            : FileStatus.InUse;

    /// <summary>Reads a file from its start, as far as it went when it was opened.</summary>
    public static FileStatus ReadWhole(int descriptor, long length, out byte[] content)
    {
        content = length == 0 ? [] : GC.AllocateUninitializedArray<byte>((int)Math.Min(length, Array.MaxLength));
        int filled = 0;
        while (filled < content.Length)
        {
            nint count;
            fixed (byte* target = &content[filled])
            {
                count = LinuxCalls.Read(descriptor, target, content.Length - filled);
            }

            if (count > 0)
            {
                filled += (int)count;
            }
            else if (count == 0)
            {
                Array.Resize(ref content, filled);
            }
            else if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != LinuxErrors.Interrupted)
            {
                content = [];
                return LinuxErrors.Last();
            }
        }

        return FileStatus.Ok;
    }

    public override FileStatus Refresh(out FileFacts facts) => LinuxStat.OfDescriptor(_descriptor, out facts);

    public override FileStatus Lock(FileShare share, FileAccess access)
    {
        int operation = (share == FileShare.None ? ExclusiveLock : SharedLock) | LockNow;
        if (LinuxCalls.Lock(_descriptor, operation) == 0)
        {
            return FileStatus.Ok;
        }

        // Like the platform: only a lock held by somebody else counts, a file system without locks does not.
        FileStatus status = LinuxErrors.Last();
        return status == FileStatus.InUse ? status : FileStatus.Ok;
    }

    public override FileStatus Read(Span<byte> buffer, long offset, out int read)
    {
        read = 0;
        fixed (byte* target = buffer)
        {
            while (true)
            {
                nint count = LinuxCalls.ReadAt(_descriptor, target, buffer.Length, (nint)offset);
                if (count >= 0)
                {
                    read = (int)count;
                    return FileStatus.Ok;
                }

                if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != LinuxErrors.Interrupted)
                {
                    return LinuxErrors.Last();
                }
            }
        }
    }

    public override FileStatus Write(ReadOnlySpan<byte> buffer, long offset)
    {
        fixed (byte* source = buffer)
        {
            int done = 0;
            while (done < buffer.Length)
            {
                nint count = LinuxCalls.WriteAt(_descriptor, source + done, buffer.Length - done, (nint)(offset + done));
                if (count >= 0)
                {
                    done += (int)count;
                }
                else if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != LinuxErrors.Interrupted)
                {
                    return LinuxErrors.Last();
                }
            }
        }

        return FileStatus.Ok;
    }

    public override FileStatus SetLength(long length) =>
        LinuxCalls.Truncate(_descriptor, (nint)length) == 0 ? FileStatus.Ok : LinuxErrors.Last();

    public override FileStatus Flush(bool toDisk) =>
        !toDisk || LinuxCalls.Sync(_descriptor) == 0 ? FileStatus.Ok : LinuxErrors.Last();

    public override FileStatus SetMode(UnixFileMode mode) =>
        LinuxCalls.ChangeMode(_descriptor, (uint)mode) == 0 ? FileStatus.Ok : LinuxErrors.Last();

    public override FileStatus SetTimes(long? accessTicks, long? writeTicks)
    {
        LinuxCalls.TimeSpec* times = stackalloc LinuxCalls.TimeSpec[2];
        times[0] = ToTime(accessTicks);
        times[1] = ToTime(writeTicks);
        return LinuxCalls.ChangeTimes(_descriptor, times) == 0 ? FileStatus.Ok : LinuxErrors.Last();
    }

    public override FileStatus Preallocate(long length)
    {
        int error = LinuxCalls.Allocate(_descriptor, 0, (nint)length);
        FileStatus status = LinuxErrors.ToStatus(error);
        return status is FileStatus.NoSpace or FileStatus.TooManyOpen ? status : FileStatus.Ok;
    }

    public override Stream ToStream(FileAccess access, int bufferSize, bool isAsync)
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        ObjectDisposedException.ThrowIf(descriptor < 0, this);
        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        return new FileStream(handle, access, bufferSize, handle.IsAsync);
    }

    public override void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = LinuxCalls.Close(descriptor);
        }
    }

    private static LinuxCalls.TimeSpec ToTime(long? ticks)
    {
        const long omit = (1L << 30) - 2;
        if (ticks is not { } value)
        {
            return new LinuxCalls.TimeSpec { Nanoseconds = omit };
        }

        long sinceEpoch = value - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(sinceEpoch, TimeSpan.TicksPerSecond, out long rest);
        if (rest < 0)
        {
            seconds--;
            rest += TimeSpan.TicksPerSecond;
        }

        return new LinuxCalls.TimeSpec { Seconds = seconds, Nanoseconds = rest * 100 };
    }
}
