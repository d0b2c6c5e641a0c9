using System.Text;

namespace LangGuard.Data;

/// <summary>The place of a size that the text does not tell, such as <c>n</c> in <c>repeat('*', n)</c>. The engine gets it as a number
/// of few digits, and fails where it is larger: nothing that is smaller comes out otherwise.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="Before">What is written before it.</param>
/// <param name="After">What is written behind it.</param>
internal readonly record struct SqlBound(int Start, int End, string Before, string After)
{
    internal const int Digits = 4;

    /// <summary>The largest number.</summary>
    internal const long Most = 9_999;

    private const string NumberBefore = "CAST(CAST((\n";

    private const string NumberAfter = "\n) AS numeric(4)) AS integer)";

    internal SqlBound(int start, int end)
        : this(start, end, NumberBefore, NumberAfter)
    {
    }

    /// <summary>Writes the bounds into a text.</summary>
    /// <param name="sql">The text that was inspected.</param>
    /// <param name="bounds">What was found in it; one may lie within another.</param>
    internal static string Apply(string sql, IReadOnlyList<SqlBound> bounds)
    {
        var edits = bounds.SelectMany(bound => new[] { (At: bound.Start, Text: bound.Before), (At: bound.End, Text: bound.After) }).OrderBy(edit => edit.At);
        var text = new StringBuilder(sql.Length + bounds.Sum(bound => bound.Before.Length + bound.After.Length));
        var at = 0;
        foreach (var edit in edits)
        {
            text.Append(sql, at, edit.At - at).Append(edit.Text);
            at = edit.At;
        }

        return text.Append(sql, at, sql.Length - at).ToString();
    }

    /// <summary>The name of a column as it was before: an engine that names columns by their text shows it.</summary>
    internal static string WithoutBounds(string name)
    {
        const string End = " AS DECIMAL(4)) AS INTEGER)";
        name = WithoutRange(WithoutRange(name, " + CAST(CASE  WHEN ("), " + to_days(CAST(CASE  WHEN (");
        for (var start = name.IndexOf("CAST(CAST(", StringComparison.Ordinal); start >= 0;)
        {
            var end = EndOf(name, start + 10, End);
            if (end < 0)
            {
                start = name.IndexOf("CAST(CAST(", start + 1, StringComparison.Ordinal);
                continue;
            }

            name = $"{name[..start]}{name[(start + 10)..end]}{name[(end + End.Length)..]}";
            start = name.IndexOf("CAST(CAST(", start, StringComparison.Ordinal);
        }

        return name;
    }

    /// <summary><c>(last + CAST(CASE  WHEN ...))</c></summary>
    private static string WithoutRange(string name, string middle)
    {
        for (var at = name.IndexOf(middle, StringComparison.Ordinal); at >= 0; at = name.IndexOf(middle, at + 1, StringComparison.Ordinal))
        {
            var close = EndOf(name, at, ")");
            var (open, depth) = (at - 1, 0);
            for (; open >= 0 && (depth > 0 || name[open] != '('); open--)
            {
                depth += name[open] == ')' ? 1 : name[open] == '(' ? -1 : 0;
            }

            if (close < 0 || open < 0 || !name[at..close].Contains("'too far'", StringComparison.Ordinal))
            {
                continue;
            }

            name = $"{name[..open]}{name[(open + 1)..at]}{name[(close + 1)..]}";
            at = open;
        }

        return name;
    }

    private static int EndOf(string name, int start, string end)
    {
        var (depth, isText) = (0, false);
        for (var i = start; i < name.Length; i++)
        {
            isText ^= name[i] == '\'';
            if (!isText && depth == 0 && name.AsSpan(i).StartsWith(end, StringComparison.Ordinal))
            {
                return i;
            }

            depth += isText ? 0 : name[i] == '(' ? 1 : name[i] == ')' ? -1 : 0;
            if (depth < 0)
            {
                break;
            }
        }

        return -1;
    }
}
