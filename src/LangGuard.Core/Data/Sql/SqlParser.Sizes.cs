using System.Globalization;

namespace LangGuard.Data;

/// <summary>How large the values are that a short text makes. No engine's limit of memory covers a single value everywhere, and most
/// engines make one for each of thousands of rows at a time.</summary>
internal ref partial struct SqlParser
{
    /// <summary>What the calls of one statement may ask for together, in characters.</summary>
    private const long MaxSize = 100_000;

    /// <summary>What an element counts, in characters.</summary>
    private const long ElementSize = 8;

    /// <summary>What a call counts whose value the engine bounds itself.</summary>
    private const long BoundedSize = MaxSize / 8;

    private const int MaxSizedArguments = 8;

    /// <summary>Whether the engine refuses a value that is longer than a setting of the connection or the server says.</summary>
    private readonly bool BoundsValues => _language.IsSqlite || _language.IsMySql || _language.IsTSql;

    private void MeasureCall(int name, int open, long largest, long product)
    {
        _size = largest;
        if (IsFailed)
        {
            return;
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        var (rule, place) = SqlSizedFunctions.For(_language.Dialect).Find(buffer[..CopyName(name, buffer)]);
        if (rule == SqlSizeRule.None || name == _rowSource || (rule == SqlSizeRule.Product && product == largest))
        {
            return;
        }

        Span<Range> arguments = stackalloc Range[MaxSizedArguments + 1];
        var count = ReadArgumentRanges(open, arguments[1..]);
        var size = 1L;
        if (rule != SqlSizeRule.Product)
        {
            // a.f(b) is f(a, b), unless a is a schema.
            var isMethod = _tokens[name - 1 < 0 ? 0 : name - 1].Kind == SqlTokenKind.Dot && name > 1;
            arguments[0] = isMethod ? (name - 2)..(name - 1) : default;
            size = SizeOf(rule, place, arguments.Slice(isMethod ? 0 : 1, count + (isMethod ? 1 : 0)));
            if (isMethod && _tokens[name - 2].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName)
            {
                size = Math.Max(size, SizeOf(rule, place, arguments.Slice(1, count)));
            }
        }

        if (size > MaxSize && BoundsValues && !IsLong(name, arguments[1..]))
        {
            size = BoundedSize;
        }

        if (rule == SqlSizeRule.Characters && product == 1 && IsRepeated(name, arguments[1..]))
        {
            // What is repeated may be a name for something that is large already.
            _factor = Product(_factor, Math.Max(size, 1));
            Count(name, 0);
            return;
        }

        Count(name, Product(product, Math.Max(size, 1)));
    }

    /// <summary>Whether a call repeats what is no literal.</summary>
    private readonly bool IsRepeated(int name, ReadOnlySpan<Range> arguments) =>
        (IsWord(_tokens[name], "repeat") || IsWord(_tokens[name], "replicate") || _tokens[name].Kind == SqlTokenKind.QuotedName)
        && _tokens[arguments[0]] is not [{ Kind: SqlTokenKind.Text }];

    /// <summary>A type of arrays: each value takes all its elements.</summary>
    private void MeasureType(int from)
    {
        var elements = 1L;
        for (var i = from; i < _at - 2; i++)
        {
            if (_tokens[i].Kind == SqlTokenKind.OpenBracket && _tokens[i + 1].Kind == SqlTokenKind.Number)
            {
                elements = Product(elements, NumberOf(_tokens[i + 1]) ?? long.MaxValue);
            }
        }

        if (elements > 1)
        {
            Count(from, Product(elements, ElementSize));
        }
    }

    /// <summary>Counts a value that the text makes large.</summary>
    private void Count(int token, long size)
    {
        _size = Math.Max(_size, size);
        _sizes = Math.Min(_sizes + size, long.MaxValue / 2);
        if (Product(Math.Max(_sizes, 1), _factor) > MaxSize)
        {
            RefuseAt(
                _tokens[token].Start,
                "a size as a number",
                $"The values may become too large. Give sizes as numbers, or as least(size, 100), of at most {MaxSize} characters together.");
        }
    }

    /// <summary>REPLICATE of SQL Server stops at 8,000 bytes, unless its text is of a type without a length.</summary>
    private readonly bool IsLong(int name, ReadOnlySpan<Range> arguments) =>
        _language.IsTSql && IsWord(_tokens[name], "replicate")
        && !(_tokens[arguments[0]] is [{ Kind: SqlTokenKind.Text } text] && TextOf(text).Length < 4_000);

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
        SqlSizeRule.Range => Product(RangeOf(arguments), ElementSize),
        _ when place >= arguments.Length => 1,
        SqlSizeRule.Format => WidthOf(_tokens[arguments[place]]),
        SqlSizeRule.Elements => Product(BoundOf(_tokens[arguments[place]]) ?? long.MaxValue, ElementSize),
        _ => BoundOf(_tokens[arguments[place]]) ?? long.MaxValue,
    };

    /// <summary>The widths that a format asks for: every number in it counts as one.</summary>
    private readonly long WidthOf(ReadOnlySpan<SqlToken> format)
    {
        if (format is not [{ Kind: SqlTokenKind.Text } token])
        {
            return long.MaxValue;
        }

        var (width, number, braces) = (1L, 0L, 0);
        foreach (var character in TextOf(token))
        {
            number = char.IsAsciiDigit(character) ? Math.Min((number * 10) + (character - '0'), MaxSize + 1) : 0;
            width = Math.Max(width, number);
            braces = character switch { '{' => braces + 1, '}' => 0, _ => braces };

            // The width is an argument. Two braces in a row are one that is printed.
            if (character == '*' || braces > 2 || (character != '{' && braces == 2 && !IsPlainBrace(TextOf(token))))
            {
                return long.MaxValue;
            }
        }

        return width;
    }

    private static bool IsPlainBrace(ReadOnlySpan<char> format) => format.IndexOf("{{") >= 0 && format.IndexOf(":{") < 0;

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

        return IsLengthCall(argument) ? MaxSize / 100 : LeastOf(argument);
    }

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
