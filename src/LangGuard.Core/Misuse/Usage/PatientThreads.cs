namespace LangGuard.Misuse;

/// <summary>Runs calls that may hang on threads of their own, so that their callers wait no longer than they want to. Few
/// threads; they end when they have had nothing to do for a while.</summary>
internal sealed class PatientThreads(TimeSpan patience)
{
    private const int Most = 8;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    private readonly object _gate = new();
    private readonly Queue<Call> _waiting = new();
    private int _threads;
    private int _idle;

    /// <summary>Runs and waits.</summary>
    /// <param name="work">The call.</param>
    /// <param name="late">Undoes the call if it ends well after the caller has given up; such a call is not begun late. Null for
    /// a call that has to be carried out in any case.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    internal T Run<T>(Func<T> work, Action? late)
    {
        T? answer = default;
        var call = new Call(() => answer = work(), late);
        lock (_gate)
        {
            _waiting.Enqueue(call);
            if (_idle > 0)
            {
                Monitor.Pulse(_gate);
            }

            if (_waiting.Count > _idle && _threads < Most)
            {
                _threads++;
                new Thread(Work) { IsBackground = true, Name = "LangGuard usage store" }.Start();
            }
        }

        call.Wait(patience);
        return answer!;
    }

    private void Work()
    {
        while (Next() is { } call)
        {
            call.Run();
        }
    }

    private Call? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                _idle++;
                var isWoken = Monitor.Wait(_gate, Idle);
                _idle--;
                if (!isWoken && _waiting.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }

            return _waiting.Dequeue();
        }
    }

    private sealed class Call(Action work, Action? late)
    {
        private readonly object _end = new();
        private Exception? _failure;
        private bool _ended;
        private bool _abandoned;

        internal void Wait(TimeSpan patience)
        {
            var started = TimeProvider.System.GetTimestamp();
            lock (_end)
            {
                while (!_ended)
                {
                    var left = patience - TimeProvider.System.GetElapsedTime(started);
                    if (left <= TimeSpan.Zero || !Monitor.Wait(_end, left))
                    {
                        if (_ended)
                        {
                            break;
                        }

                        _abandoned = true;
                        throw new TimeoutException("The store of usage did not answer.");
                    }
                }
            }

            if (_failure is not null)
            {
                throw new InvalidOperationException("The store of usage failed.", _failure);
            }
        }

        internal void Run()
        {
            lock (_end)
            {
                if (_abandoned && late is not null)
                {
                    return;
                }
            }

            try
            {
                work();
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            bool isLate;
            lock (_end)
            {
                _ended = true;
                isLate = _abandoned;
                Monitor.Pulse(_end);
            }

            if (isLate)
            {
                late?.Invoke();
            }
        }
    }
}
