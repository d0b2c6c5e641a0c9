using Microsoft.Win32.SafeHandles;

namespace LangGuard.Files;

/// <summary>The handles that one session has handed out.</summary>
internal sealed class OpenHandles : IDisposable
{
    private readonly List<OpenHandle> _open = [];
    private readonly Lock _lock = new();

    public void Add(OpenHandle handle)
    {
        lock (_lock)
        {
            _open.Add(handle);
        }
    }

    /// <summary>The open file behind a handle that this session made; null for any other.</summary>
    public OpenHandle? Find(SafeFileHandle handle)
    {
        Sweep();
        lock (_lock)
        {
            return _open.Find(open => open.IsFor(handle));
        }
    }

    /// <summary>Closes what callers have closed or dropped.</summary>
    public void Sweep()
    {
        if (_open.Count == 0)
        {
            return;
        }

        List<OpenHandle> abandoned;
        lock (_lock)
        {
            abandoned = _open.FindAll(open => open.IsAbandoned);
            _open.RemoveAll(abandoned.Contains);
        }

        abandoned.ForEach(open => open.Dispose());
    }

    public void Dispose()
    {
        List<OpenHandle> all;
        lock (_lock)
        {
            all = [.. _open];
            _open.Clear();
        }

        all.ForEach(open => open.Dispose());
    }
}
