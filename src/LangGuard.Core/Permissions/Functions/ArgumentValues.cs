namespace LangGuard.Permissions;

/// <summary>The arguments of a call as they were when it was read: nobody changes them between decision and execution.
/// Either an own copy, or one value for each name that the permission lists, which costs one small array.</summary>
internal readonly struct ArgumentValues
{
    /// <summary>Stands for an argument that was left out.</summary>
    internal static readonly object Omitted = new();

    private readonly Dictionary<string, object?>? _copy;
    private readonly ListedArgument[]? _listed;
    private readonly object?[]? _values;

    internal ArgumentValues(Dictionary<string, object?> copy)
    {
        _copy = copy;
        Count = copy.Count;
    }

    /// <summary>Values of listed arguments.</summary>
    /// <param name="listed">The names that the permission lists.</param>
    /// <param name="values">The value of each, or <see cref="Omitted"/>.</param>
    /// <param name="count">How many are not left out.</param>
    internal ArgumentValues(ListedArgument[] listed, object?[] values, int count)
    {
        _listed = listed;
        _values = values;
        Count = count;
    }

    internal int Count { get; }

    internal bool TryGet(string name, out object? value)
    {
        if (_copy is not null)
        {
            return _copy.TryGetValue(name, out value);
        }

        for (var i = 0; _listed is not null && i < _listed.Length; i++)
        {
            if (string.Equals(_listed[i].Name, name, StringComparison.Ordinal))
            {
                value = _values![i];
                return !ReferenceEquals(value, Omitted);
            }
        }

        value = null;
        return false;
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Names and values, without an object for the walk.</summary>
    internal struct Enumerator
    {
        private readonly ArgumentValues _arguments;
        private Dictionary<string, object?>.Enumerator _copy;
        private int _next;

        internal Enumerator(in ArgumentValues arguments)
        {
            _arguments = arguments;
            _copy = arguments._copy is { } copy ? copy.GetEnumerator() : default;
        }

        public KeyValuePair<string, object?> Current { get; private set; }

        public bool MoveNext()
        {
            if (_arguments._copy is not null)
            {
                var found = _copy.MoveNext();
                Current = _copy.Current;
                return found;
            }

            while (_arguments._listed is { } listed && _next < listed.Length)
            {
                var value = _arguments._values![_next];
                Current = new(listed[_next++].Name, value);
                if (!ReferenceEquals(value, Omitted))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
