using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>What one session tree has used in one root. Amounts are reserved before the effect and settled after it.</summary>
internal sealed class FileMeter
{
    private long _read;
    private long _written;
    private long _files;
    private long _open;

    public Reason? ReserveRead(long bytes, FileLimits limits) =>
        bytes > limits.ReadBytes ? FileReasons.ReadLimit
        : TryAdd(ref _read, bytes, limits.SessionReadBytes) ? null : FileReasons.SessionReadLimit;

    /// <summary>As <see cref="ReserveRead"/>, for a stream, which looks after the limit of one file itself.</summary>
    public Reason? ReserveStream(long bytes, FileLimits limits) =>
        TryAdd(ref _read, bytes, limits.SessionReadBytes) ? null : FileReasons.SessionReadLimit;

    public Reason? ReserveWrite(long bytes, FileLimits limits) =>
        TryAdd(ref _written, bytes, limits.SessionWriteBytes) ? null : FileReasons.SessionWriteLimit;

    public Reason? ReserveFiles(long count, FileLimits limits) =>
        TryAdd(ref _files, count, limits.SessionFiles) ? null : FileReasons.SessionFileLimit;

    public Reason? ReserveOpen(FileLimits limits) => TryAdd(ref _open, 1, limits.OpenFiles) ? null : FileReasons.OpenLimit;

    public void ReturnRead(long bytes) => Interlocked.Add(ref _read, -bytes);

    public void ReturnWrite(long bytes) => Interlocked.Add(ref _written, -bytes);

    public void ReturnFiles(long count) => Interlocked.Add(ref _files, -count);

    public void ReturnOpen() => Interlocked.Decrement(ref _open);

    /// <summary>What is left of the session's bytes.</summary>
    public long RemainingWrite(FileLimits limits) => Math.Max(0, limits.SessionWriteBytes - Volatile.Read(ref _written));

    private static bool TryAdd(ref long total, long amount, long limit)
    {
        if (amount < 0)
        {
            return false;
        }

        long seen = Volatile.Read(ref total);
        while (amount <= limit - seen)
        {
            long before = Interlocked.CompareExchange(ref total, seen + amount, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return amount == 0;
    }
}
