using System.Collections;
using System.Globalization;

namespace LangGuard.Data;

/// <summary>Values of result columns.</summary>
internal static class DbValues
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>About how many bytes a value holds. Arrays and other values that hold values count with all that they
    /// hold.</summary>
    internal static long SizeOf<T>(T value) => value switch
    {
        string text => text.Length * 2L,
        byte[] bytes => bytes.Length,
        char[] letters => letters.Length * 2L,
        ReadOnlyMemory<byte> bytes => bytes.Length,
        Memory<byte> bytes => bytes.Length,
        IDictionary entries => SizeOfAll(entries.Keys) + SizeOfAll(entries.Values),
        IEnumerable values => SizeOfAll(values),
        _ => 16,
    };

    /// <summary>A value as the type that a caller asks for, by the conversions that drivers make.</summary>
    /// <exception cref="InvalidCastException">There is none.</exception>
    internal static T To<T>(object value)
    {
        if (value is T same)
        {
            return same;
        }

        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (value is DBNull)
        {
            return default(T) is null && typeof(T).IsValueType
                ? default!
                : throw new InvalidCastException("The value is NULL.");
        }

        if (type.IsEnum)
        {
            return (T)(value is string name
                ? Enum.Parse(type, name)
                : Enum.ToObject(type, Convert.ToInt64(value, Culture)));
        }

        return ConvertTo(value, type) is T converted
            ? converted
            : throw new InvalidCastException($"A value of type {value.GetType().Name} can not be read as {typeof(T).Name}.");
    }

    /// <summary>Copies a part of a value into a buffer, as readers do it.</summary>
    /// <returns>How much; 0 when the part begins behind the end.</returns>
    internal static long Copy<T>(ReadOnlySpan<T> source, long from, T[] target, int at, int length)
    {
        if (from >= source.Length)
        {
            return 0;
        }

        var part = source[(int)from..];
        part = part[..Math.Min(part.Length, Math.Min(length, target.Length - at))];
        part.CopyTo(target.AsSpan(at));
        return part.Length;
    }

    private static object? ConvertTo(object value, Type type) => (value, Type.GetTypeCode(type)) switch
    {
        (DateTime time, _) when type == typeof(DateOnly) => DateOnly.FromDateTime(time),
        (DateTime time, _) when type == typeof(DateTimeOffset) => new DateTimeOffset(time),
        (DateTimeOffset time, TypeCode.DateTime) => time.UtcDateTime,
        (DateOnly day, TypeCode.DateTime) => day.ToDateTime(TimeOnly.MinValue),
        (TimeSpan time, _) when type == typeof(TimeOnly) => TimeOnly.FromTimeSpan(time),
        (TimeOnly time, _) when type == typeof(TimeSpan) => time.ToTimeSpan(),
        (byte[] { Length: 16 } bytes, _) when type == typeof(Guid) => new Guid(bytes),
        (string text, TypeCode.Object) => Parse(text, type),
        (string text, TypeCode.DateTime) => DateTime.Parse(text, Culture, DateTimeStyles.RoundtripKind),
        (string { Length: 1 } text, TypeCode.Char) => text[0],
        (string text, TypeCode.Boolean) => ConvertTo(long.Parse(text, Culture), type),
        (char or string, TypeCode.String) => value.ToString(),
        (IConvertible number, >= TypeCode.Boolean and <= TypeCode.Decimal) => number.ToType(type, Culture),
        (IConvertible number, TypeCode.String) => number.ToString(Culture),
        _ => null,
    };

    private static object? Parse(string text, Type type) =>
        type == typeof(Guid) ? Guid.Parse(text)
        : type == typeof(DateOnly) ? DateOnly.Parse(text, Culture)
        : type == typeof(TimeOnly) ? TimeOnly.Parse(text, Culture)
        : type == typeof(TimeSpan) ? TimeSpan.Parse(text, Culture)
        : type == typeof(DateTimeOffset) ? DateTimeOffset.Parse(text, Culture, DateTimeStyles.AssumeUniversal)
        : null;

    private static long SizeOfAll(IEnumerable values)
    {
        var size = 0L;
        foreach (var value in values)
        {
            size += SizeOf(value);
        }

        return size;
    }
}
