using System.Globalization;

namespace LangGuard.Data;

/// <summary>What the text tells of the arguments that are sizes.</summary>
internal ref partial struct SqlParser
{
    /// <returns>How many there are.</returns>
    private readonly int ReadArgumentRanges(int open, Span<Range> arguments)
    {
        var (count, start, depth) = (0, open + 1, 0);
        for (var i = start; i < _at; i++)
        {
            var token = _tokens[i];
            var isEnd = depth == 0 && (token.Kind is SqlTokenKind.Comma or SqlTokenKind.Close || token.Keyword == SqlKeyword.Order);
            if (isEnd)
            {
                if (i > start && count < arguments.Length)
                {
                    arguments[count++] = start..i;
                }

                start = i + 1;
                if (token.Kind != SqlTokenKind.Comma)
                {
                    break;
                }
            }

            depth += token.Kind switch
            {
                SqlTokenKind.Open or SqlTokenKind.OpenBracket or SqlTokenKind.OpenBrace => 1,
                SqlTokenKind.Close or SqlTokenKind.CloseBracket or SqlTokenKind.CloseBrace => -1,
                _ => 0,
            };
        }

        return count;
    }

    /// <returns>How large the value becomes; <see cref="long.MaxValue"/> when the text does not tell.</returns>
    private readonly long SizeOf(SqlSizeRule rule, int place, ReadOnlySpan<Range> arguments) => rule switch
    {
        SqlSizeRule.Range when arguments.Length == 1 && IsBounded(_tokens[arguments[0]]) => UnknownRange,
        SqlSizeRule.Range => Product(RangeOf(arguments), ElementSize),
        _ when place >= arguments.Length => 1,
        SqlSizeRule.Format => WidthOf(_tokens[arguments[place]]),
        SqlSizeRule.Elements => Product(BoundOf(_tokens[arguments[place]]) ?? long.MaxValue, ElementSize),
        _ => BoundOf(_tokens[arguments[place]]) ?? long.MaxValue,
    };

    /// <summary>The widths that a format asks for: every number in it counts as one.</summary>
    private readonly long WidthOf(ReadOnlySpan<SqlToken> argument)
    {
        if (argument is not [{ Kind: SqlTokenKind.Text } token])
        {
            return long.MaxValue;
        }

        var format = TextOf(token);
        var (width, number, isOpen) = (1L, 0L, false);
        for (var i = 0; i < format.Length; i++)
        {
            number = char.IsAsciiDigit(format[i]) ? Math.Min((number * 10) + (format[i] - '0'), MaxSize + 1) : 0;
            width = Math.Max(width, number);
            if (format[i] == '*' || (isOpen && format[i] == '{'))
            {
                // The width is an argument.
                return long.MaxValue;
            }

            if (format[i] == '{' && i + 1 < format.Length && format[i + 1] == '{')
            {
                // Two braces in a row are one that is printed.
                i++;
                continue;
            }

            isOpen = format[i] == '{' || (isOpen && format[i] != '}');
        }

        return width;
    }

    private readonly long RangeOf(ReadOnlySpan<Range> arguments)
    {
        var (first, last) = arguments.Length == 1 ? (0L, BoundOf(_tokens[arguments[0]])) : default;
        if (arguments.Length > 1)
        {
            if (BoundOf(_tokens[arguments[0]]) is not { } start)
            {
                return TimesOf(arguments);
            }

            (first, last) = (start, BoundOf(_tokens[arguments[1]]));
        }

        var step = arguments.Length > 2 ? BoundOf(_tokens[arguments[2]]) : 1;
        return last is { } end && step is { } by
            ? by == 0 ? 1 : Math.Max(1, (Math.Max(first, end) - Math.Min(first, end)) / Math.Abs(by))
            : long.MaxValue;
    }

    /// <summary>How many steps there are between two times.</summary>
    private readonly long TimesOf(ReadOnlySpan<Range> arguments) =>
        arguments.Length == 3 && TimeOf(_tokens[arguments[0]]) is { } first && TimeOf(_tokens[arguments[1]]) is { } last
        && StepOf(_tokens[arguments[2]]) is { } step
            ? Math.Max(1, (last - first).Duration().Ticks / step.Ticks)
            : long.MaxValue;

    private readonly DateTime? TimeOf(ReadOnlySpan<SqlToken> argument)
    {
        if (argument is [{ Kind: SqlTokenKind.Word }, .. var typed])
        {
            argument = typed;
        }

        return WithoutCast(argument) is [{ Kind: SqlTokenKind.Text } text]
            && DateTime.TryParse(TextOf(text).Trim('\''), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null;
    }

    /// <summary><c>INTERVAL 1 DAY</c>, <c>INTERVAL '1 day'</c></summary>
    private readonly TimeSpan? StepOf(ReadOnlySpan<SqlToken> argument)
    {
        if (argument is not [{ Keyword: SqlKeyword.Interval }, _, ..])
        {
            return null;
        }

        var text = _text[argument[1].Start..argument[^1].End].Trim('\'').Trim();
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 10_000)
        {
            return null;
        }

        var unit = text[digits..].Trim("' ").TrimEnd("sS").ToString();
        var ticks = unit.ToUpperInvariant() switch
        {
            "SECOND" => TimeSpan.TicksPerSecond,
            "MINUTE" => TimeSpan.TicksPerMinute,
            "HOUR" => TimeSpan.TicksPerHour,
            "DAY" => TimeSpan.TicksPerDay,
            "WEEK" => 7 * TimeSpan.TicksPerDay,
            "MONTH" => 28 * TimeSpan.TicksPerDay,
            "QUARTER" => 90 * TimeSpan.TicksPerDay,
            "YEAR" => 365 * TimeSpan.TicksPerDay,
            _ => 0,
        };
        return ticks == 0 ? null : TimeSpan.FromTicks(ticks * number);
    }

    /// <summary>The largest number that an argument can be, as far as the text tells.</summary>
    private readonly long? BoundOf(ReadOnlySpan<SqlToken> argument)
    {
        argument = WithoutCast(argument);
        switch (argument)
        {
            case [{ Kind: SqlTokenKind.Number } number]:
                return NumberOf(number);
            case [{ Kind: SqlTokenKind.Operator } sign, { Kind: SqlTokenKind.Number } number] when TextOf(sign) is "-":
                return -NumberOf(number);
            case [{ Kind: SqlTokenKind.Number } number, { Kind: SqlTokenKind.Operator } minus, .. var length]
                when TextOf(minus) is "-" && IsLengthCall(length):
                return NumberOf(number);
            case [{ Kind: SqlTokenKind.Word }, .., { Kind: SqlTokenKind.Operator }, { Kind: SqlTokenKind.Number } more] when IsLengthCall(argument[..^2]):
                return NumberOf(more) + (MaxSize / 100);
            case [{ Keyword: SqlKeyword.Array }, { Kind: SqlTokenKind.OpenBracket }, .. var dimensions, { Kind: SqlTokenKind.CloseBracket }]:
                return ElementsOf(dimensions);
            case [{ Kind: SqlTokenKind.Open }, .. var inner, { Kind: SqlTokenKind.Close }] when IsWhole(argument):
                return BoundOf(inner);
        }

        return IsLengthCall(argument) ? MaxSize / 100 : IsBounded(argument) ? SqlBound.Most : LeastOf(argument);
    }

    /// <summary>What <see cref="SqlBound"/> makes of a size.</summary>
    private readonly bool IsBounded(ReadOnlySpan<SqlToken> argument) =>
        argument is [{ Keyword: SqlKeyword.Cast }, { Kind: SqlTokenKind.Open }, { Keyword: SqlKeyword.Cast }, ..,
            { Kind: SqlTokenKind.Open }, { Kind: SqlTokenKind.Number } digits, { Kind: SqlTokenKind.Close }, { Kind: SqlTokenKind.Close },
            { Keyword: SqlKeyword.As }, { Kind: SqlTokenKind.Word } type, { Kind: SqlTokenKind.Close }]
        && IsWord(argument[^8], "numeric") && IsWord(type, "integer") && NumberOf(digits) <= SqlBound.Digits && IsWhole(argument[1..])
        && IsWhole(argument[3..^3]);

    /// <summary>How long something is that exists already.</summary>
    private readonly bool IsLengthCall(ReadOnlySpan<SqlToken> tokens) =>
        tokens is [{ Kind: SqlTokenKind.Word } name, { Kind: SqlTokenKind.Open }, .., { Kind: SqlTokenKind.Close }] && IsWhole(tokens[1..])
        && (IsWord(name, "length") || IsWord(name, "len") || IsWord(name, "char_length") || IsWord(name, "character_length")
            || IsWord(name, "strlen") || IsWord(name, "octet_length") || IsWord(name, "array_length"));

    /// <summary><c>least(n, 100)</c></summary>
    private readonly long? LeastOf(ReadOnlySpan<SqlToken> tokens)
    {
        if (tokens is not [{ Kind: SqlTokenKind.Word } name, { Kind: SqlTokenKind.Open }, .., { Kind: SqlTokenKind.Close }]
            || !IsWord(name, "least") || !IsWhole(tokens[1..]))
        {
            return null;
        }

        return tokens[^3].Kind == SqlTokenKind.Comma && tokens[^2].Kind == SqlTokenKind.Number ? NumberOf(tokens[^2])
            : tokens[2].Kind == SqlTokenKind.Number && tokens[3].Kind == SqlTokenKind.Comma ? NumberOf(tokens[2])
            : null;
    }

    private readonly long? ElementsOf(ReadOnlySpan<SqlToken> dimensions)
    {
        var elements = 1L;
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i].Kind != (i % 2 == 0 ? SqlTokenKind.Number : SqlTokenKind.Comma))
            {
                return null;
            }

            elements = i % 2 == 0 ? Product(elements, NumberOf(dimensions[i]) ?? long.MaxValue) : elements;
        }

        return elements;
    }

    /// <summary>Whether the first parenthesis is closed by the last one.</summary>
    private static bool IsWhole(ReadOnlySpan<SqlToken> tokens)
    {
        var depth = 0;
        for (var i = 0; i < tokens.Length - 1; i++)
        {
            depth += tokens[i].Kind == SqlTokenKind.Open ? 1 : tokens[i].Kind == SqlTokenKind.Close ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<SqlToken> WithoutCast(ReadOnlySpan<SqlToken> argument) =>
        argument is [.., { Kind: SqlTokenKind.Cast }, { Kind: SqlTokenKind.Word }] ? argument[..^2] : argument;

    /// <summary>Only plain digits: what else is a number differs from engine to engine.</summary>
    private readonly long? NumberOf(in SqlToken number) =>
        int.TryParse(TextOf(number), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static long Product(long a, long b)
    {
        var product = Math.BigMul(Math.Max(a, 0), Math.Max(b, 0), out var low);
        return product != 0 || low < 0 ? long.MaxValue : low;
    }
}
