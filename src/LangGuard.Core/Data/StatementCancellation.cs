namespace LangGuard.Data;

/// <summary>Cancels a statement on the server when a token says so, and again until somebody has seen its end: a server forgets a
/// cancellation that comes between two statements of one round trip.</summary>
internal sealed class StatementCancellation : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Action _cancel;
    private readonly CancellationTokenRegistration _registration;
    private Timer? _timer;
    private bool _ended;

    /// <param name="cancel">Asks the server once. It may fail, and runs beside the statement.</param>
    /// <param name="cancellationToken">Says when.</param>
    internal StatementCancellation(Action cancel, CancellationToken cancellationToken)
    {
        _cancel = cancel;
        _registration = cancellationToken.UnsafeRegister(static state => ((StatementCancellation)state!).Begin(), this);
    }

    /// <summary>Whether the server was asked at least once, so that it may still have to forget it.</summary>
    internal bool HasActed { get; private set; }

    /// <summary>The statement has ended. When this returns nobody asks any more.</summary>
    public void Dispose()
    {
        _registration.Unregister();
        lock (_lock)
        {
            _ended = true;
            _timer?.Dispose();
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _timer = new Timer(static state => ((StatementCancellation)state!).Act(), this, TimeSpan.Zero, Pause);
            }
        }
    }

    private void Act()
    {
        // Whoever is slow to ask is not asked to ask twice at a time.
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (!_ended)
            {
                HasActed = true;
                _cancel();
            }
        }
        catch (Exception)
        {
            // It is tried again, and the statement has a limit of its own.
        }
        finally
        {
            _lock.Exit();
        }
    }
}
