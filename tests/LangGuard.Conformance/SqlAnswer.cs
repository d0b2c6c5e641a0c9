using System.Data.Common;
using System.Globalization;

namespace LangGuard.Conformance;

/// <summary>What a query answered: the names of its columns and its rows, as text.</summary>
internal sealed class SqlAnswer
{
    private readonly string _text;

    private SqlAnswer(string text) => _text = text;

    /// <param name="reader">The rows.</param>
    /// <param name="isOrdered">Whether their order is a part of the answer.</param>
    public static SqlAnswer Read(DbDataReader reader, bool isOrdered)
    {
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))));
        }

        var names = string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetName));
        IEnumerable<string> sorted = isOrdered ? rows : rows.Order(StringComparer.Ordinal);
        return new SqlAnswer($"{names}\n{string.Join('\n', sorted)}");
    }

    /// <summary>What the guarded answer has otherwise than the unguarded one, or null.</summary>
    public static string? Difference(Func<SqlAnswer> guarded, Func<SqlAnswer> unguarded)
    {
        // A clock may go on between the two, so once is not enough to tell.
        string? difference = null;
        for (var i = 0; i < 10; i++)
        {
            var (one, other) = (guarded()._text, unguarded()._text);
            if (one == other)
            {
                return null;
            }

            difference = $"It answered {one} instead of {other}";
        }

        // What differs from itself has no answer to compare.
        return unguarded()._text == unguarded()._text ? difference : null;
    }

    private static string Text(DbDataReader reader, int column)
    {
        try
        {
            return Text(reader.GetValue(column));
        }
        catch (Exception failed) when (failed is InvalidCastException or OverflowException or ArgumentException)
        {
            // A value that the platform has no type for.
            return reader.GetDataTypeName(column);
        }
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        Array items => $"[{string.Join(", ", items.Cast<object?>().Select(item => Text(item ?? DBNull.Value)))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
