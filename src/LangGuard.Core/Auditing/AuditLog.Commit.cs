using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>The background thread: flushes for all who wait at once, folds the hash tree, signs checkpoints.</summary>
internal sealed partial class AuditLog
{
    /// <summary>Outcomes wait at most this long for a write of their own.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromSeconds(1);
    private const long CheckpointRecords = 10_000;

    /// <summary>How long the first of a group waits for the others, where there were others the last time.</summary>
    private static readonly TimeSpan Company = TimeSpan.FromMilliseconds(1);

    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _committer;
    private readonly MerkleTree _tree;
    private byte[] _leaves = new byte[64 * 1024];
    private byte[] _spareLeaves = new byte[64 * 1024];
    private int _leavesLength;
    private readonly ITimer _watchdog;
    private TaskCompletionSource? _batch;
    private int _waiting;
    private int _worthIt = 1;
    private TaskCompletionSource? _flushing;
    private bool _isBusy;
    private long _busySince;
    private long _checkpointSize;
    private long _checkpointTime;

    /// <summary>Signs what is on the disk now. Waits for it.</summary>
    internal async Task CheckpointAsync()
    {
        WriteDeferred();
        TaskCompletionSource done;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _checkpointTime = 0;
            _checkpointSize = -1;
            done = _batch ??= NewBatch();
        }

        _wake.Set();
        await done.Task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        _wake.Set();
        if (_committer.Join(Patience))
        {
            _hasher.Dispose();
            _wake.Dispose();
        }

        _watchdog.Dispose();
        _segment.Dispose();
        _signer.Dispose();
        _folder.Dispose();
    }

    private static TaskCompletionSource NewBatch() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits with all who wait. The thread is woken once for a group: one flush of the disk takes longer than it
    /// takes the others to come.</summary>
    private Task JoinBatch()
    {
        _batch ??= NewBatch();
        if (++_waiting == _worthIt)
        {
            _wake.Set();
        }

        return _batch.Task;
    }

    /// <summary>Remembers the chain hashes of what was written, for the tree. Under the lock.</summary>
    private void KeepLeaves(ReadOnlySpan<byte> frames)
    {
        while (frames.Length > 0)
        {
            if (_leavesLength == _leaves.Length)
            {
                Array.Resize(ref _leaves, _leaves.Length * 2);
            }

            frames.Slice(16, AuditFrame.HashSize).CopyTo(_leaves.AsSpan(_leavesLength));
            _leavesLength += AuditFrame.HashSize;
            frames = frames[(AuditFrame.HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(frames))..];
        }
    }

    /// <summary>Answers those who wait for a disk that does not. What they waited for may still be written: then it
    /// stands as an intent whose outcome is unknown, and nothing was done.</summary>
    private void AnswerStalled()
    {
        try
        {
            if (!Volatile.Read(ref _isBusy) || _time.GetElapsedTime(Volatile.Read(ref _busySince)) < Patience)
            {
                return;
            }
        }
        catch (Exception)
        {
            // A clock of the host's own that fails: nobody knows how long they wait.
        }

        AnswerAll(new AuditUnavailableException("The audit file does not answer."));
    }

    /// <summary>Not under the lock, which may be held by whoever waits for the disk.</summary>
    private void AnswerAll(AuditUnavailableException failure)
    {
        Volatile.Write(ref _trouble, failure);
        Volatile.Read(ref _flushing)?.TrySetException(failure);
        Volatile.Read(ref _batch)?.TrySetException(failure);
    }

    private void Commit()
    {
        bool closing;
        do
        {
            _wake.WaitOne(_worthIt > 1 ? Company : Beat);
            closing = Volatile.Read(ref _closed);
            try
            {
                Volatile.Write(ref _busySince, _time.GetTimestamp());
                Volatile.Write(ref _isBusy, true);
                TryWriteDeferred();
                CommitOnce(closing);
            }
            catch (Exception failure)
            {
                // A clock of the host's own, or a defect: the host goes on, and what waits is denied.
                _fault ??= failure;
                AnswerAll(new AuditUnavailableException("The audit file could not be written.", failure));
            }

            Volatile.Write(ref _isBusy, false);
        }
        while (!closing);
    }

    private void TryWriteDeferred()
    {
        try
        {
            WriteDeferred();
        }
        catch (Exception)
        {
            // Counted as lost; the intents stand without an outcome.
        }
    }

    private void CommitOnce(bool closing)
    {
        TaskCompletionSource? batch;
        SafeFileHandle segment;
        (string Path, int Number, long End) place;
        Exception? failure = null;
        ReadOnlySpan<byte> leaves;
        Span<byte> head = stackalloc byte[AuditFrame.HashSize];
        lock (_lock)
        {
            batch = _batch;
            _batch = null;
            _worthIt = Math.Max(1, _waiting / 2);
            _waiting = 0;
            Volatile.Write(ref _flushing, batch);
            try
            {
                if (closing)
                {
                    TellLost();
                }

                WritePending();
            }
            catch (Exception error)
            {
                failure = error;
                if (batch is not null || closing)
                {
                    DropPending();
                }
            }

            segment = _segment;
            place = (_segmentPath, _segmentNumber, _offset);
            _writtenHead.CopyTo(head);
            leaves = _leaves.AsSpan(0, _leavesLength);
            (_leaves, _spareLeaves) = (_spareLeaves, _leaves);
            _leavesLength = 0;
        }

        var size = _tree.Size + (leaves.Length / AuditFrame.HashSize);
        var stood = _fault is null;
        failure ??= stood ? null : Refusal();
        var checkpoint = failure is null && IsCheckpointDue(size, closing);
        if (failure is null && (batch is not null || checkpoint))
        {
            failure = Flush(segment);
        }

        if (stood)
        {
            var seen = Look(segment, place.Path, place.Number, place.End, head);
            failure ??= seen;

            // Signed all the same when the file was changed: it says how many records there were.
            checkpoint |= _fault is AuditUnavailableException;
        }

        // Who waits for a checkpoint waits for its signature too.
        var answerFirst = !checkpoint || _checkpointSize >= 0;
        if (answerFirst)
        {
            Answer(batch, failure);
        }

        for (var rest = leaves; rest.Length > 0; rest = rest[AuditFrame.HashSize..])
        {
            _tree.Add(rest[..AuditFrame.HashSize]);
        }

        if (checkpoint && _fault is null or AuditUnavailableException)
        {
            Checkpoint(head.ToArray());
        }

        if (!answerFirst)
        {
            Answer(batch, failure);
        }
    }

    private bool IsCheckpointDue(long size, bool closing) =>
        size != _checkpointSize
        && (closing || size - _checkpointSize >= CheckpointRecords
            || _time.GetElapsedTime(_checkpointTime) >= CheckpointEvery);

    private Exception? Flush(SafeFileHandle segment)
    {
        try
        {
            RandomAccess.FlushToDisk(segment);
            return null;
        }
        catch (ObjectDisposedException)
        {
            // The segment was full: it was flushed before it was closed.
            return null;
        }
        catch (Exception failure)
        {
            // Invariant: after a failed flush nobody knows what is on the disk, so nothing more is promised.
            _fault = failure;
            return failure;
        }
    }

    private void Answer(TaskCompletionSource? batch, Exception? failure)
    {
        Volatile.Write(ref _flushing, null);
        if (failure is null)
        {
            batch?.TrySetResult();
        }
        else
        {
            batch?.TrySetException(failure as AuditUnavailableException ?? new AuditUnavailableException("The audit file could not be written.", failure));
        }
    }

    private void Checkpoint(byte[] head)
    {
        try
        {
            var checkpoint = AuditCheckpoint.Sign(Id, _tree, head, _time.GetUtcNow(), _signer);
            _folder.AppendCheckpoint(checkpoint);
            _checkpointSize = _tree.Size;
            _checkpointTime = _time.GetTimestamp();
            _unsignedSince = null;
            _export.Offer(checkpoint);
        }
        catch (Exception)
        {
            // The records stand; the next checkpoint covers them. When none can be made for long, nothing more is recorded.
            _unsignedSince ??= _time.GetTimestamp();
        }
    }
}
