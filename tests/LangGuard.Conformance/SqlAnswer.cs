using System.Data.Common;
using System.Globalization;

namespace LangGuard.Conformance;

/// <summary>What a query answered: the names of its columns and its rows, as text.</summary>
internal sealed class SqlAnswer
{
    private const int Tries = 5;

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
        // A clock may go on between the two, so an answer is wrong only between two unguarded ones that agree. What never agrees
        // with itself has no answer to compare.
        for (var i = 0; i < Tries; i++)
        {
            var (before, answer) = (unguarded()._text, guarded()._text);
            if (answer == before)
            {
                return null;
            }

            var after = unguarded()._text;
            if (answer == after)
            {
                return null;
            }

            if (before == after)
            {
                return $"It answered {answer} instead of {after}";
            }
        }

        return null;
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
