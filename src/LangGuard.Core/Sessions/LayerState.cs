namespace LangGuard;

/// <summary>The counters and labels of layers, one object for each type.</summary>
internal sealed class LayerState
{
    private readonly Lock _lock = new();
    private object?[] _state = [];

    internal T Get<T>()
        where T : class, new()
    {
        var index = StateSlot<T>.Index;
        var state = Volatile.Read(ref _state);
        return index < state.Length && state[index] is T existing ? existing : Create<T>(index);
    }

    private T Create<T>(int index)
        where T : class, new()
    {
        lock (_lock)
        {
            if (index < _state.Length && _state[index] is T existing)
            {
                return existing;
            }

            var created = new T();
            var copy = new object?[Math.Max(_state.Length, index + 1)];
            _state.CopyTo(copy, 0);
            copy[index] = created;
            Volatile.Write(ref _state, copy);
            return created;
        }
    }
}
