using System.Collections.Concurrent;

namespace LangGuard;

/// <summary>What the guards of one session keep open.</summary>
internal sealed class SessionResources(GuardSession session) : IDisposable
{
    private readonly ConcurrentDictionary<(Type, string), Lazy<object>> _resources = [];

    internal T Get<T>(string key, Func<GuardSession, T> create)
        where T : class =>
        (T)_resources.GetOrAdd((typeof(T), key), _ => new Lazy<object>(() => create(session))).Value;

    public void Dispose()
    {
        foreach (var resource in _resources.Values.Where(resource => resource.IsValueCreated))
        {
            (resource.Value as IDisposable)?.Dispose();
        }

        _resources.Clear();
    }
}
