namespace LangGuard.Permissions;

/// <summary>The arguments of a call as they were when it was read: nobody changes them between decision and execution.
/// Either an own copy, or one value for each name that the permission lists, which costs one small array.</summary>
internal readonly struct ArgumentValues
{
    /// <summary>Stands for an argument that was left out.</summary>
    internal static readonly object Omitted = new();

    /// <summary>The copy, or the names that the permission lists: one field, because each call has one of these.</summary>
    private readonly object? _source;
    private readonly object?[]? _values;

    internal ArgumentValues(Dictionary<string, object?> copy) => _source = copy;

    /// <summary>Values of listed arguments.</summary>
    /// <param name="listed">The names that the permission lists.</param>
    /// <param name="values">The value of each, or <see cref="Omitted"/>.</param>
    internal ArgumentValues(ListedArgument[] listed, object?[] values)
    {
        _source = listed;
        _values = values;
    }

    /// <summary>Whether there are values at all, of none or more arguments.</summary>
    internal bool Exists => _source is not null;

    internal int Count
    {
        get
        {
            if (_source is Dictionary<string, object?> copy)
            {
                return copy.Count;
            }

            var count = 0;
            foreach (var value in _values ?? [])
            {
                count += ReferenceEquals(value, Omitted) ? 0 : 1;
            }

            return count;
        }
    }

    internal bool TryGet(string name, out object? value)
    {
        if (_source is Dictionary<string, object?> copy)
        {
            return copy.TryGetValue(name, out value);
        }

        var listed = _source as ListedArgument[];
        for (var i = 0; listed is not null && i < listed.Length; i++)
        {
            if (string.Equals(listed[i].Name, name, StringComparison.Ordinal))
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
            _copy = arguments._source is Dictionary<string, object?> copy ? copy.GetEnumerator() : default;
        }

        public KeyValuePair<string, object?> Current { get; private set; }

        public bool MoveNext()
        {
            if (_arguments._source is Dictionary<string, object?>)
            {
                var found = _copy.MoveNext();
                Current = _copy.Current;
                return found;
            }

            while (_arguments._source is ListedArgument[] listed && _next < listed.Length)
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
