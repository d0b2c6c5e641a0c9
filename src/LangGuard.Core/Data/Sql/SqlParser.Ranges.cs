using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>Lists of numbers or times between values of rows: <c>generate_series(min(day), max(day), INTERVAL 1 DAY)</c>.</summary>
internal ref partial struct SqlParser
{
    private const string RangeBefore = "(\n";

    /// <summary>What a list counts whose length only the rows tell.</summary>
    private const long UnknownRange = SqlBound.Most * ElementSize / 4;

    /// <summary>Calls that give the same when they are made again.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Steady = FrozenSet.ToFrozenSet(
        (
            "in and or not on using by where from select exists case when then else between over filter distinct all is "
            + "min max count sum avg cast coalesce least greatest date_trunc datetrunc date_part datepart extract year month day hour week quarter "
            + "make_date make_timestamp today now last_day len length array_length abs round floor ceil nullif strptime")
            .Split(' '),
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Bounds a list whose ends the text does not tell by an end that is an error when it is too far away.</summary>
    /// <returns>Its size, or <see cref="long.MaxValue"/> when that can not be done.</returns>
    private readonly long BoundedRange(ReadOnlySpan<Range> arguments)
    {
        if (!_language.IsDuckDb || arguments.Length is not (1 or 2 or 3))
        {
            return long.MaxValue;
        }

        var first = _tokens[arguments[0]];
        if (arguments.Length == 1)
        {
            _lists.Bounds.Add(new SqlBound(first[0].Start, first[^1].End));
            return UnknownRange;
        }

        var last = _tokens[arguments[1]];
        var step = arguments.Length == 3 ? _tokens[arguments[2]] : [];
        var isTime = StepOf(step) is not null;
        if (!IsSteady(first) || !IsSteady(last) || last is [{ Kind: SqlTokenKind.Text }]
            || (!isTime && step is not ([] or [{ Kind: SqlTokenKind.Number }])) || (step is [var number] && NumberOf(number) is not > 0))
        {
            return long.MaxValue;
        }

        var by = step.Length == 0 ? "1" : TextOf(step);
        var end = TextOf(last);
        if (end.StartsWith(RangeBefore, StringComparison.Ordinal) && end.IndexOf(RangeMiddle(isTime), StringComparison.Ordinal) is var middle and > 0
            && end[RangeBefore.Length..].SequenceEqual(string.Concat(end[RangeBefore.Length..middle], RangeAfter(isTime, end[RangeBefore.Length..middle], TextOf(first), by))))
        {
            return UnknownRange;
        }

        _lists.Bounds.Add(new SqlBound(last[0].Start, last[^1].End, RangeBefore, RangeAfter(isTime, end, TextOf(first), by)));
        return UnknownRange;
    }

    private static string RangeMiddle(bool isTime) => isTime
        ? "\n) + INTERVAL (CAST(CASE WHEN (\n"
        : "\n) + (CAST(CASE WHEN (\n";

    private static string RangeAfter(bool isTime, ReadOnlySpan<char> last, ReadOnlySpan<char> first, ReadOnlySpan<char> step) => string.Concat(
        string.Concat(RangeMiddle(isTime), last, "\n) > (\n", first),
        "\n) + (\n",
        step,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n) * {SqlBound.Most} THEN 'too far' ELSE '0' END AS integer)){(isTime ? " DAY" : string.Empty)}"));

    private readonly ReadOnlySpan<char> TextOf(ReadOnlySpan<SqlToken> tokens) => _text[tokens[0].Start..tokens[^1].End];

    /// <summary>Whether a value is the same wherever it stands twice.</summary>
    private readonly bool IsSteady(ReadOnlySpan<SqlToken> tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind is SqlTokenKind.Parameter
                || (tokens[i].Kind == SqlTokenKind.QuotedName && i + 1 < tokens.Length && tokens[i + 1].Kind == SqlTokenKind.Open)
                || (tokens[i].Kind == SqlTokenKind.Word && i + 1 < tokens.Length && tokens[i + 1].Kind == SqlTokenKind.Open
                    && !Steady.Contains(TextOf(tokens[i])) && tokens[i].Keyword != SqlKeyword.Interval))
            {
                return false;
            }
        }

        return tokens.Length > 0;
    }
}
