namespace LangGuard.Auditing;

/// <summary>Hands checkpoints to the host, one at a time and never on the thread that writes. A host that can not keep up gets the newest,
/// which covers what the others did; one that hangs holds up nothing and takes one thread.</summary>
internal sealed class CheckpointExport(Action<AuditCheckpoint>? keep)
{
    private readonly Lock _lock = new();
    private AuditCheckpoint? _next;
    private bool _isRunning;

    internal void Offer(AuditCheckpoint checkpoint)
    {
        if (keep is null)
        {
            return;
        }

        lock (_lock)
        {
            _next = checkpoint;
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static export => export.Run(), this, preferLocal: false);
    }

    private AuditCheckpoint? Take()
    {
        lock (_lock)
        {
            var next = _next;
            _next = null;
            _isRunning = next is not null;
            return next;
        }
    }

    private void Run()
    {
        while (Take() is { } checkpoint)
        {
            try
            {
                keep!(checkpoint);
            }
            catch (Exception)
            {
                // The copy elsewhere is behind; the next one covers more.
            }
        }
    }
}
