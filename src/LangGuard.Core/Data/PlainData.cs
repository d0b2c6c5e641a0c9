namespace LangGuard.Data;

/// <summary>Values that a driver only sends: nothing that it would read from, run or look into.</summary>
internal static class PlainData
{
    private const int MaxElements = 10_000;

    /// <summary>A value that nobody can change any more.</summary>
    /// <param name="value">The value of a parameter.</param>
    /// <param name="name">The parameter, for a message.</param>
    /// <exception cref="NotSupportedException">The value is not plain data.</exception>
    internal static object? Copy(object? value, string name) => value switch
    {
        DbTypedValue typed => typed with { Value = Copy(typed.Value, name) },
        byte[] bytes => bytes.Clone(),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        ArraySegment<byte> bytes => bytes.ToArray(),
        _ when IsPlain(value) => value,
        Array { Rank: 1, Length: <= MaxElements } values when values.Cast<object?>().All(IsPlain) => values.Clone(),
        List<int> { Count: <= MaxElements } values => values.ToArray(),
        List<long> { Count: <= MaxElements } values => values.ToArray(),
        List<string> { Count: <= MaxElements } values => values.ToArray(),
        List<Guid> { Count: <= MaxElements } values => values.ToArray(),
        List<decimal> { Count: <= MaxElements } values => values.ToArray(),
        List<DateTime> { Count: <= MaxElements } values => values.ToArray(),
        _ => throw new NotSupportedException($"The value of parameter '{name}' is a {value!.GetType().Name}; use plain data."),
    };

    private static bool IsPlain(object? value) => value is null or DBNull or bool or byte or sbyte or short or ushort or int
        or uint or long or ulong or float or double or decimal or char or string or DateTime or DateTimeOffset
        or DateOnly or TimeOnly or TimeSpan or Guid || value.GetType().IsEnum;
}
