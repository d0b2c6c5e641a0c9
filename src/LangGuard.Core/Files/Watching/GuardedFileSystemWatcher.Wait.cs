using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>Waiting for one event.</summary>
internal sealed partial class GuardedFileSystemWatcher
{
    public IWaitForChangedResult WaitForChanged(WatcherChangeTypes changeType) => WaitForChanged(changeType, Timeout.Infinite);

    public IWaitForChangedResult WaitForChanged(WatcherChangeTypes changeType, TimeSpan timeout)
    {
        double milliseconds = timeout.TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, -1, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, int.MaxValue, nameof(timeout));
        return WaitForChanged(changeType, (int)milliseconds);
    }

    public IWaitForChangedResult WaitForChanged(WatcherChangeTypes changeType, int timeout)
    {
        TaskCompletionSource<GuardedWaitResult> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChange(object? sender, FileSystemEventArgs change)
        {
            if ((change.ChangeType & changeType) != 0)
            {
                first.TrySetResult(new GuardedWaitResult(change.ChangeType, change.Name, null, TimedOut: false));
            }
        }

        void OnRename(object? sender, RenamedEventArgs change)
        {
            if ((change.ChangeType & changeType) != 0)
            {
                first.TrySetResult(new GuardedWaitResult(change.ChangeType, change.Name, change.OldName, TimedOut: false));
            }
        }

        bool wasOn = EnableRaisingEvents;
        Changed += OnChange;
        Created += OnChange;
        Deleted += OnChange;
        Renamed += OnRename;
        try
        {
            EnableRaisingEvents = true;
            return first.Task.Wait(timeout) ? first.Task.Result : new GuardedWaitResult(0, null, null, TimedOut: true);
        }
        finally
        {
            Changed -= OnChange;
            Created -= OnChange;
            Deleted -= OnChange;
            Renamed -= OnRename;
            EnableRaisingEvents = wasOn;
        }
    }
}
