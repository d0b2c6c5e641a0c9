using System.Data.Common;
using System.Globalization;

namespace LangGuard.Conformance;

/// <summary>What a query answered: the names of its columns and its rows, as text.</summary>
internal sealed class SqlAnswer
{
    private const int Tries = 5;

    private readonly string _names;
    private readonly List<string[]> _rows;
    private readonly List<string> _sorted;
    private readonly bool _isOrdered;

    private SqlAnswer(string names, List<string[]> rows, bool isOrdered)
    {
        (_names, _rows, _isOrdered) = (names, rows, isOrdered);
        _sorted = [.. rows.Select(Line).Order(StringComparer.Ordinal)];
    }

    /// <param name="reader">The rows.</param>
    /// <param name="isOrdered">Whether their order is a part of the answer.</param>
    public static SqlAnswer Read(DbDataReader reader, bool isOrdered)
    {
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))]);
        }

        return new SqlAnswer(Line(Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)), rows, isOrdered);
    }

    /// <summary>What the guarded answer has otherwise than the unguarded one, or null.</summary>
    public static string? Difference(Func<SqlAnswer> guarded, Func<SqlAnswer> unguarded)
    {
        // A clock may go on between the two, so an answer is wrong only between two unguarded ones that agree. What never agrees
        // with itself has no answer to compare.
        for (var i = 0; i < Tries; i++)
        {
            var (before, answer) = (unguarded(), guarded());
            if (answer.IsSameAs(before))
            {
                return null;
            }

            var after = unguarded();
            if (answer.IsSameAs(after))
            {
                return null;
            }

            if (before.IsSameAs(after))
            {
                return $"It answered {answer} instead of {after}";
            }
        }

        return null;
    }

    public override string ToString() => $"{_names}\n{string.Join('\n', _isOrdered ? _rows.Select(Line) : _sorted)}";

    private static string Line(IEnumerable<string> values) => string.Join(" | ", values);

    /// <summary>Whether both have the same rows, and where there is an order, the same one: rows that are equal in what they are ordered by
    /// may stand in any, so it is enough that one column reads the same from top to bottom.</summary>
    private bool IsSameAs(SqlAnswer other) =>
        _names == other._names && _sorted.SequenceEqual(other._sorted)
        && (!_isOrdered || _rows.Count == 0
            || Enumerable.Range(0, _rows[0].Length).Any(column => _rows.Select(row => row[column]).SequenceEqual(other._rows.Select(row => row[column]))));

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
