using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>Reads what was written since the last time, and the record before it: where a file was cut, the next write leaves a hole, which
/// the length does not show.</summary>
internal sealed class AuditReadBack
{
    private readonly byte[] _data = new byte[2 * (AuditFrame.HeaderSize + AuditFrame.MaxPayload)];
    private int _segment;
    private long _start;

    /// <summary>Begins behind records that were read already.</summary>
    /// <param name="segment">The number of the file.</param>
    /// <param name="start">Where the last of them begins.</param>
    internal void StartAt(int segment, long start) => (_segment, _start) = (segment, start);

    /// <summary>Whether the records of a file that were not read yet are whole and end in the one that was written last.</summary>
    /// <param name="file">The file.</param>
    /// <param name="segment">Its number.</param>
    /// <param name="end">Where its last record ends.</param>
    /// <param name="head">The hash of that record.</param>
    internal bool IsWhole(SafeFileHandle file, int segment, long end, ReadOnlySpan<byte> head)
    {
        if (segment != _segment)
        {
            StartAt(segment, 0);
        }

        var at = _start;
        while (at < end)
        {
            var read = Fill(file, at, (int)Math.Min(end - at, _data.Length));
            var rest = _data.AsSpan(0, read);
            var done = 0;
            while (AuditFrame.TryRead(rest[done..], out _, out var hash, out var payload))
            {
                _start = at + done;
                done += AuditFrame.HeaderSize + payload.Length;
                if (at + done == end)
                {
                    return hash.SequenceEqual(head);
                }
            }

            if (done == 0)
            {
                return false;
            }

            at += done;
        }

        return true;
    }

    private int Fill(SafeFileHandle file, long at, int count)
    {
        var read = 0;
        while (read < count && RandomAccess.Read(file, _data.AsSpan(read, count - read), at + read) is var more and > 0)
        {
            read += more;
        }

        return read;
    }
}
