using System.Collections;
using System.Data;
using System.Data.Common;

namespace LangGuard.Data;

/// <summary>The parameters of a guarded command.</summary>
internal sealed class GuardedDbParameterCollection(DatabaseEngine engine) : DbParameterCollection
{
    private readonly List<DbParameter> _parameters = [];

    public override int Count => _parameters.Count;

    public override object SyncRoot => _parameters;

    /// <summary>Names and values as they are now. A parameter whose value is no plain data is refused.</summary>
    internal IReadOnlyList<KeyValuePair<string, object?>> Snapshot()
    {
        var values = new KeyValuePair<string, object?>[_parameters.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = _parameters[i];
            if (parameter.Direction != ParameterDirection.Input)
            {
                throw new NotSupportedException("Only input parameters are supported.");
            }

            values[i] = new(parameter.ParameterName, PlainData.Copy(engine.ValueOf(parameter), parameter.ParameterName));
        }

        return values;
    }

    public override int Add(object value)
    {
        _parameters.Add(Own(value));
        return _parameters.Count - 1;
    }

    public override void AddRange(Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var value in values)
        {
            Add(value!);
        }
    }

    public override void Clear() => _parameters.Clear();

    public override bool Contains(object value) => value is DbParameter parameter && _parameters.Contains(parameter);

    public override bool Contains(string value) => IndexOf(value) >= 0;

    public override void CopyTo(Array array, int index) => ((ICollection)_parameters).CopyTo(array, index);

    public override IEnumerator GetEnumerator() => _parameters.GetEnumerator();

    public override int IndexOf(object value) => value is DbParameter parameter ? _parameters.IndexOf(parameter) : -1;

    public override int IndexOf(string parameterName) =>
        _parameters.FindIndex(parameter => string.Equals(parameter.ParameterName, parameterName, StringComparison.Ordinal));

    public override void Insert(int index, object value) => _parameters.Insert(index, Own(value));

    public override void Remove(object value) => _parameters.Remove(Own(value));

    public override void RemoveAt(int index) => _parameters.RemoveAt(index);

    public override void RemoveAt(string parameterName) => _parameters.RemoveAt(Find(parameterName));

    protected override DbParameter GetParameter(int index) => _parameters[index];

    protected override DbParameter GetParameter(string parameterName) => _parameters[Find(parameterName)];

    protected override void SetParameter(int index, DbParameter value) => _parameters[index] = Own(value);

    protected override void SetParameter(string parameterName, DbParameter value) =>
        _parameters[Find(parameterName)] = Own(value);

    /// <summary>A new parameter, not yet in the collection.</summary>
    internal DbParameter Create() => engine.CreateParameter();

    private DbParameter Own(object value) => value is DbParameter parameter && engine.Owns(parameter)
        ? parameter
        : throw new InvalidCastException("The parameter was made by another provider. Use command.CreateParameter().");

    private int Find(string name)
    {
        var index = IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException($"There is no parameter '{name}'.", nameof(name));
    }
}
