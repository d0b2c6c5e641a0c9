using LangGuard.Permissions;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>What can be done with a handle that was handed out.</summary>
internal sealed partial class FileActions
{
    public FileFacts Facts(SafeFileHandle handle)
    {
        OpenHandle open = HandleOf(handle);
        ThrowIf(open.File.Refresh(out FileFacts facts), open.Display);
        return facts;
    }

    public FileAttributes Attributes(SafeFileHandle handle) => AttributesOf(Facts(handle), string.Empty, isLink: false);

    public DateTime Time(SafeFileHandle handle, FileTime time)
    {
        FileFacts facts = Facts(handle);
        OpenHandle open = HandleOf(handle);
        long ticks = time switch
        {
            FileTime.Access => facts.LastAccessTicks,
            FileTime.Write => facts.LastWriteTicks,
            _ => open.File is LinuxFile linux && LinuxStat.BirthTicks(linux.Descriptor) is { } birth
                ? birth
                : Math.Min(facts.LastWriteTicks, facts.ChangeTicks),
        };
        return new DateTime(ticks, DateTimeKind.Utc);
    }

    public void SetTime(SafeFileHandle handle, FileTime time, DateTime value)
    {
        long ticks = value.ToUniversalTime().Ticks;
        Change(handle, null, time == FileTime.Access ? ticks : null, time == FileTime.Access ? null : ticks);
    }

    public void SetMode(SafeFileHandle handle, UnixFileMode mode) => Change(handle, mode, null, null);

    public void SetAttributes(SafeFileHandle handle, FileAttributes attributes)
    {
        FileFacts facts = Facts(handle);
        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        bool readOnly = (attributes & FileAttributes.ReadOnly) != 0;
        UnixFileMode mode = readOnly ? facts.Mode & ~write : facts.Mode | UnixFileMode.UserWrite;
        Change(handle, mode == facts.Mode ? null : mode, null, null);
    }

    public int ReadAt(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        OpenHandle open = HandleFor(handle, FileAccess.Read);
        ThrowIf(open.File.Refresh(out FileFacts facts), open.Display);
        int reserved = open.Lease.BeforeRead(buffer.Length, Math.Max(0, facts.Length - offset));
        int read = 0;
        try
        {
            ThrowIf(open.File.Read(buffer[..reserved], offset, out read), open.Display);
        }
        finally
        {
            open.Lease.AfterRead(reserved, read);
        }

        return read;
    }

    public void WriteAt(SafeFileHandle handle, ReadOnlySpan<byte> buffer, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        OpenHandle open = HandleFor(handle, FileAccess.Write);
        ThrowIf(open.File.Refresh(out FileFacts facts), open.Display);
        open.Lease.BeforeWrite(buffer, offset, facts.Length);
        ThrowIf(open.File.Write(buffer, offset), open.Display);
    }

    public void SetLength(SafeFileHandle handle, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        OpenHandle open = HandleFor(handle, FileAccess.Write);
        ThrowIf(open.File.Refresh(out FileFacts facts), open.Display);
        open.Lease.BeforeSetLength(length, facts.Length);
        ThrowIf(open.File.SetLength(length), open.Display);
    }

    public void FlushToDisk(SafeFileHandle handle)
    {
        OpenHandle open = HandleOf(handle);
        ThrowIf(open.File.Flush(toDisk: true), open.Display);
    }

    private OpenHandle HandleFor(SafeFileHandle handle, FileAccess access)
    {
        OpenHandle open = HandleOf(handle);
        return (open.Access & access) != 0 ? open : throw FileErrors.For(FileStatus.NoAccess, open.Display);
    }

    private void Change(SafeFileHandle handle, UnixFileMode? mode, long? accessTicks, long? writeTicks)
    {
        OpenHandle open = HandleFor(handle, FileAccess.Write);
        open.Lease.BeforeSetFacts();
        if (mode is { } wanted)
        {
            ThrowIf(open.File.Refresh(out FileFacts facts), open.Display);
            UnixFileMode added = wanted & ~facts.Mode;
            ThrowIf((added & (ExecuteBits | SetIdBits)) != 0 ? FileReasons.Executable : null, open.Lease.Operation);
        }

        ThrowIf(
            _changes.ChangeFacts(open.Lease.Operation, open.Root, open.File, mode, accessTicks, writeTicks), open.Display);
    }
}
