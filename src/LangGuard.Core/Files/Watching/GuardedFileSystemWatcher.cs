using System.Collections.ObjectModel;
using System.ComponentModel;
using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>
/// Raises events about names that the agent may list, under the agent's names. Each event is checked when it comes, and
/// whether the directory is still the one that was granted; the rate is limited.
/// </summary>
internal sealed partial class GuardedFileSystemWatcher : IFileSystemWatcher
{
    private readonly GuardedFileSystem _fileSystem;
    private readonly FileActions _actions;
    private readonly FileSystemWatcher _inner = new();
    private WatchedDirectory? _watched;
    private EventRate? _rate;
    private string _path = string.Empty;
    private bool _isDisposed;

    public GuardedFileSystemWatcher(GuardedFileSystem fileSystem, FileActions actions)
    {
        _fileSystem = fileSystem;
        _actions = actions;
        _inner.Changed += (_, change) => Raise(Changed, change);
        _inner.Created += (_, change) => Raise(Created, change);
        _inner.Deleted += (_, change) => Raise(Deleted, change);
        _inner.Renamed += (_, change) => Raise(change);
        _inner.Error += (_, _) => Error?.Invoke(this, new ErrorEventArgs(new InternalBufferOverflowException("Events were lost.")));
    }

    public event FileSystemEventHandler? Changed;

    public event FileSystemEventHandler? Created;

    public event FileSystemEventHandler? Deleted;

    public event RenamedEventHandler? Renamed;

    public event ErrorEventHandler? Error;

    public IFileSystem FileSystem => _fileSystem;

    public IContainer? Container => null;

    public ISite? Site { get; set; }

    public ISynchronizeInvoke? SynchronizingObject { get; set; }

    public string Path
    {
        get => _path;
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (string.IsNullOrEmpty(value))
            {
                throw new ArgumentException("The path is empty.", nameof(value));
            }

            WatchedDirectory watched = _actions.Watch(value);
            bool wasOn = EnableRaisingEvents;
            EnableRaisingEvents = false;
            _watched = watched;
            _rate = new EventRate(watched.EventsPerSecond, _actions.Clock);
            _path = value;
            _inner.Path = watched.HostPath;
            EnableRaisingEvents = wasOn;
        }
    }

    public bool EnableRaisingEvents
    {
        get => _inner.EnableRaisingEvents;
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (value && _path.Length > 0)
            {
                // The directory may have become another since the path was set.
                _watched = _actions.Watch(_path);
                _inner.Path = _watched.HostPath;
            }

            if (value && _watched is null)
            {
                throw new FileNotFoundException("No directory is being watched: set Path first.");
            }

            _inner.EnableRaisingEvents = value;
        }
    }

    public string Filter
    {
        get => _inner.Filter;
        set => _inner.Filter = value;
    }

    public Collection<string> Filters => _inner.Filters;

    public bool IncludeSubdirectories
    {
        get => _inner.IncludeSubdirectories;
        set => _inner.IncludeSubdirectories = value;
    }

    public int InternalBufferSize
    {
        get => _inner.InternalBufferSize;
        set => _inner.InternalBufferSize = value;
    }

    public NotifyFilters NotifyFilter
    {
        get => _inner.NotifyFilter;
        set => _inner.NotifyFilter = value;
    }

    public void BeginInit() => _inner.BeginInit();

    public void EndInit() => _inner.EndInit();

    public void Dispose()
    {
        _isDisposed = true;
        _inner.Dispose();
    }

    private void Raise(FileSystemEventHandler? handlers, FileSystemEventArgs change)
    {
        if (handlers is not null && Translate(change.Name) is { } name)
        {
            FileSystemEventArgs shown = new(change.ChangeType, Directory, name);
            Call(() => handlers(this, shown));
        }
    }

    private void Raise(RenamedEventArgs change)
    {
        string? name = Translate(change.Name);
        string? oldName = Translate(change.OldName);
        if (name is not null && oldName is not null)
        {
            Call(() => Renamed?.Invoke(this, new RenamedEventArgs(change.ChangeType, Directory, name, oldName)));
        }
        else if (name is not null)
        {
            // It came from a name that the agent does not see: to the agent it is new.
            Call(() => Created?.Invoke(this, new FileSystemEventArgs(WatcherChangeTypes.Created, Directory, name)));
        }
        else if (oldName is not null)
        {
            Call(() => Deleted?.Invoke(this, new FileSystemEventArgs(WatcherChangeTypes.Deleted, Directory, oldName)));
        }
    }

    private string Directory => _watched!.Root.Display(_watched.Name);

    /// <summary>The name of an event if it may be told; null when not.</summary>
    private string? Translate(string? name)
    {
        if (name is null || _watched is not { } watched || _rate is not { } rate)
        {
            return null;
        }

        if (!rate.TryTake(out bool isFirstLost))
        {
            if (isFirstLost)
            {
                Call(() => Error?.Invoke(this, new ErrorEventArgs(new InternalBufferOverflowException("Too many events: some were dropped."))));
            }

            return null;
        }

        string relative = OperatingSystem.IsWindows() ? name.Replace('\\', '/') : name;
        string full = watched.Name.Length == 0 ? relative : $"{watched.Name}/{relative}";
        return _actions.MayObserve(watched, full) ? name : null;
    }

    private void Call(Action raise)
    {
        if (SynchronizingObject is { InvokeRequired: true } target)
        {
            target.BeginInvoke(raise, null);
        }
        else
        {
            raise();
        }
    }
}
