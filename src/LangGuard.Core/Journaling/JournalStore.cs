using System.Collections.Concurrent;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>One journal of this process: its folder, log, blobs, and what is known of every change.</summary>
internal sealed class JournalStore : IDisposable
{
    private static readonly Lock OpenLock = new();
    private static readonly Dictionary<string, JournalStore> OpenStores = new(StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, JournalEntry> _entries = [];
    private readonly ConcurrentDictionary<string, WeakReference<GuardSession>> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FileIdentity, int> _writers = [];
    private readonly JournalFolder _folder;
    private readonly JournalLog _log;
    private readonly TimeProvider _timeProvider;
    private IReadOnlyList<JournalEntry> _leftOver = [];
    private long _next = 1;
    private long _bytes;

    private JournalStore(JournalOptions options, TimeProvider timeProvider)
    {
        Options = options;
        _timeProvider = timeProvider;
        _folder = JournalFolder.Open(options.Directory!);
        try
        {
            _log = new JournalLog(_folder.OpenLog(), _folder.Key, options.SyncToDisk);
            Blobs = new JournalBlobs(_folder.Blobs);
            Replay();
        }
        catch
        {
            _log?.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    internal JournalOptions Options { get; }

    internal JournalBlobs Blobs { get; }

    /// <summary>Changes whose process died before they ended. What this process is doing is not among them.</summary>
    internal IReadOnlyList<JournalEntry> Unfinished => [.. _leftOver.Where(entry => entry.State == ChangeState.Open)];

    /// <summary>The journal of a policy, or null when it keeps none. Policies that name the same directory share one.</summary>
    internal static JournalStore? Of(Policy policy) =>
        policy.Options.DefendInDepth.Journal is { Directory: not null } options
            ? Open(options, policy.Dependencies.TimeProvider)
            : null;

    /// <summary>Opens a journal, or returns the one that this process has open.</summary>
    /// <exception cref="IOException">It is somebody else's, damaged, or in use.</exception>
    internal static JournalStore Open(JournalOptions options, TimeProvider timeProvider)
    {
        lock (OpenLock)
        {
            if (!OpenStores.TryGetValue(options.Directory!, out var store))
            {
                OpenStores.Add(options.Directory!, store = new JournalStore(options, timeProvider));
            }

            return store;
        }
    }

    /// <summary>Every session that has changes here, also of processes that have ended.</summary>
    internal IReadOnlyList<string> Sessions
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Values.Select(entry => entry.Session).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Called before and after each record, so that a test can end the process there.</summary>
    internal Action? Stepping { get; set; }

    internal long NextNumber() => Interlocked.Increment(ref _next) - 1;

    internal long Now() => _timeProvider.GetUtcNow().UtcTicks;

    internal void Register(GuardSession session) => _sessions[session.Tree.Root.Id] = new WeakReference<GuardSession>(session);

    internal IReadOnlyList<JournalEntry> EntriesOf(string session)
    {
        lock (_lock)
        {
            return [.. _entries.Values.Where(entry => string.Equals(entry.Session, session, StringComparison.Ordinal))];
        }
    }

    /// <summary>Makes room for a pre-image, or says that there is none. What a live session may undo stays.</summary>
    internal bool TryReserve(long bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes > Options.MaxBytes)
            {
                var oldest = Now() - Options.MaxAge.Ticks;
                foreach (var entry in _entries.Values.Where(entry => entry.Bytes > 0 && !IsLive(entry)).ToList())
                {
                    if (_bytes + bytes > Options.MaxBytes || entry.TimeTicks < oldest)
                    {
                        Finish(entry);
                    }
                }
            }

            if (_bytes + bytes > Options.MaxBytes)
            {
                return false;
            }

            _bytes += bytes;
            return true;
        }
    }

    internal void Return(long bytes)
    {
        lock (_lock)
        {
            _bytes -= bytes;
        }
    }

    /// <summary>Writes down a change before it is made.</summary>
    internal void Begin(JournalEntry entry)
    {
        Stepping?.Invoke();
        _log.Append(writer => JournalCodec.WriteBegin(writer, entry));
        Stepping?.Invoke();
        lock (_lock)
        {
            _entries.Add(entry.Number, entry);
        }
    }

    /// <summary>Writes down a step of a change. <paramref name="state"/> is what it is from now on.</summary>
    internal void Step(JournalEntry entry, JournalStep step, ChangeState state, FileState after)
    {
        (entry.State, entry.After) = (state, after);
        Stepping?.Invoke();
        _log.Append(writer => JournalCodec.WriteStep(writer, step, entry));
        Stepping?.Invoke();
        if (state is ChangeState.Aborted && entry.Bytes > 0)
        {
            Return(entry.Bytes);
        }
    }

    /// <summary>Gives up what a change replaced: erases the pre-image.</summary>
    internal void Finish(JournalEntry entry)
    {
        lock (_lock)
        {
            if (entry.State is ChangeState.Final or ChangeState.Open)
            {
                return;
            }

            Blobs.Remove(entry.Blob);
            _bytes -= entry.State is ChangeState.Done ? entry.Bytes : 0;
            entry.State = ChangeState.Final;
            _log.Append(writer => JournalCodec.WriteStep(writer, JournalStep.Final, entry));
            _entries.Remove(entry.Number);
        }
    }

    // A file that somebody still writes through an open stream is never moved aside: its pre-image would go on changing.
    internal void AddWriter(FileIdentity identity) => _writers.AddOrUpdate(identity, 1, (_, count) => count + 1);

    internal void RemoveWriter(FileIdentity identity)
    {
        if (_writers.AddOrUpdate(identity, 0, (_, count) => count - 1) <= 0)
        {
            _writers.TryRemove(new KeyValuePair<FileIdentity, int>(identity, 0));
        }
    }

    internal bool HasWriter(FileIdentity identity) => _writers.ContainsKey(identity);

    /// <summary>Lets go of the folder, so that another process, or a test that restarts, can use it.</summary>
    public void Dispose()
    {
        lock (OpenLock)
        {
            OpenStores.Remove(Options.Directory!);
        }

        _log.Dispose();
        _folder.Dispose();
    }

    private bool IsLive(JournalEntry entry) =>
        entry.State == ChangeState.Open
        || (_sessions.TryGetValue(entry.Session, out var weak) && weak.TryGetTarget(out var session) && !session.HasEnded);

    private void Replay()
    {
        foreach (var record in _log.ReadAll())
        {
            var step = JournalCodec.Read(record, out var begun, out var number, out var state, out var after);
            if (begun is not null)
            {
                _entries[number] = begun;
            }
            else if (step == JournalStep.Final)
            {
                _entries.Remove(number);
            }
            else if (_entries.TryGetValue(number, out var entry))
            {
                (entry.State, entry.After) = (state, after);
            }

            _next = Math.Max(_next, number + 1);
        }

        _leftOver = [.. _entries.Values.Where(entry => entry.State == ChangeState.Open)];

        _bytes = _entries.Values
            .Where(entry => entry.State is ChangeState.Done or ChangeState.Open).Sum(entry => entry.Bytes);
    }
}
