using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.DuckDb;

/// <summary>Values of the driver as plain data that outlives the row.</summary>
internal static class DuckDbValues
{
    internal static object Plain(object value) => value switch
    {
        string => value,
        Stream bytes => Read(bytes),
        IDictionary entries when HoldsStreams(entries.Values) => Copy(entries),
        IList values when HoldsStreams(values) => values.Cast<object?>().Select(part => part is null ? null : Plain(part)).ToList(),
        _ => value,
    };

    /// <summary>The type of a value, as <see cref="Plain"/> gives it.</summary>
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    [UnconditionalSuppressMessage("Trimming", "IL2068", Justification = "The types are those that the driver named, plain data.")]
    internal static Type TypeOf(Type type) => type == typeof(Stream) ? typeof(byte[]) : type;

    private static byte[] Read(Stream stream)
    {
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    private static Dictionary<object, object?> Copy(IDictionary entries)
    {
        var copy = new Dictionary<object, object?>();
        foreach (DictionaryEntry entry in entries)
        {
            copy[Plain(entry.Key)] = entry.Value is null ? null : Plain(entry.Value);
        }

        return copy;
    }

    private static bool HoldsStreams(IEnumerable values)
    {
        foreach (var value in values)
        {
            if (value is Stream || (value is IEnumerable and not string && HoldsStreams(value is IDictionary inner ? inner.Values : (IEnumerable)value)))
            {
                return true;
            }
        }

        return false;
    }
}
