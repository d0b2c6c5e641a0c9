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

    /// <summary>What a call counts that replaces parts of a value by another one.</summary>
    private const long Replaced = 4;

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
        if (rule == SqlSizeRule.None || name == _rowSource)
        {
            return;
        }

        if (rule == SqlSizeRule.Growth)
        {
            // One alone is as large as what there is; each one around it counts.
            _size = Product(largest, place);
            Count(name, largest > 1 ? _size : 0);
            return;
        }

        if (rule == SqlSizeRule.Reduction)
        {
            RefuseDoubling(open);
        }

        if (rule is SqlSizeRule.Product or SqlSizeRule.Reduction)
        {
            // What is replaced by more of the same can be replaced again.
            product = rule == SqlSizeRule.Product ? Product(product, ReplacementWeight(open, Replaced)) : product;
            if (product > largest)
            {
                Count(name, product);
            }

            return;
        }

        Span<Range> arguments = stackalloc Range[MaxSizedArguments + 1];
        var count = ReadArgumentRanges(open, arguments[1..]);

        // a.f(b) is f(a, b), unless a is a schema.
        var isMethod = _language.IsDuckDb && name > 1 && _tokens[name - 1].Kind == SqlTokenKind.Dot;
        arguments[0] = isMethod ? (name - 2)..(name - 1) : default;
        var isPlain = !isMethod || (_tokens[name - 2].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && place < count
            && !IsPlainText(_tokens[arguments[place + 1]]));
        var size = isPlain ? BoundedSizeOf(rule, place, arguments.Slice(1, count)) : 1;
        if (isMethod && place <= count && !IsPlainText(_tokens[arguments[place]]))
        {
            size = Math.Max(size, BoundedSizeOf(rule, place, arguments[..(count + 1)]));
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

    /// <summary>The same, and where the text does not tell, the engine is told how large it may be: a larger number is an error
    /// there.</summary>
    private readonly long BoundedSizeOf(SqlSizeRule rule, int place, ReadOnlySpan<Range> arguments)
    {
        var size = SizeOf(rule, place, arguments);
        if (size == long.MaxValue && rule == SqlSizeRule.Range)
        {
            return BoundedRange(arguments);
        }

        if (size != long.MaxValue || rule is not (SqlSizeRule.Characters or SqlSizeRule.Elements) || !_language.IsPostgresLike
            || BoundOf(_tokens[arguments[place]]) is not null || _tokens[arguments[place]] is [{ Keyword: SqlKeyword.Array }, ..])
        {
            return size;
        }

        var argument = _tokens[arguments[place]];
        _lists.Bounds.Add(new SqlBound(argument[0].Start, argument[^1].End));
        return rule == SqlSizeRule.Elements ? SqlBound.Most * ElementSize : SqlBound.Most;
    }

    /// <summary>A lambda function that joins its first name to itself doubles a value for each element: <c>lambda a, b: a || a</c>.</summary>
    private void RefuseDoubling(int open)
    {
        for (var i = open; i < _at - 3; i++)
        {
            var isArrow = _tokens[i].Kind == SqlTokenKind.Operator && TextOf(_tokens[i]) is "->";
            if (isArrow || (_tokens[i].Kind == SqlTokenKind.Word && IsWord(_tokens[i], "lambda")))
            {
                var first = isArrow ? FirstParameter(i) : i + 1;
                var body = _tokens[(isArrow ? i + 1 : first + 1).._at];
                if (Joins(body) && Uses(body, _tokens[first]) > 1)
                {
                    RefuseAt(_tokens[i].Start, "a function that uses its first name once", "The value may become too large.");
                }
            }
        }
    }

    private readonly int FirstParameter(int arrow)
    {
        var first = arrow - 1;
        while (first > 0 && _tokens[arrow - 1].Kind == SqlTokenKind.Close && _tokens[first - 1].Kind != SqlTokenKind.Open)
        {
            first--;
        }

        return first;
    }

    private readonly int Uses(ReadOnlySpan<SqlToken> body, in SqlToken name)
    {
        var count = 0;
        foreach (var token in body)
        {
            count += token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName
                && TextOf(token).Trim('"').Equals(TextOf(name).Trim('"'), StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether values are made from several others, by an operator or a call that may.</summary>
    private readonly bool Joins(ReadOnlySpan<SqlToken> body)
    {
        for (var i = 0; i < body.Length - 1; i++)
        {
            if ((body[i].Kind == SqlTokenKind.Operator && TextOf(body[i]) is "||") || body[i].Kind == SqlTokenKind.OpenBracket
                || body[i].Kind == SqlTokenKind.OpenBrace
                || (body[i].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && body[i + 1].Kind == SqlTokenKind.Open
                    && !IsWord(body[i], "least") && !IsWord(body[i], "greatest") && !IsWord(body[i], "coalesce") && !IsWord(body[i], "abs")
                    && !IsWord(body[i], "length") && !IsWord(body[i], "len") && !IsWord(body[i], "if")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a text can be no number.</summary>
    private readonly bool IsPlainText(ReadOnlySpan<SqlToken> argument) =>
        argument is [{ Kind: SqlTokenKind.Text } text] && !TextOf(text).ContainsAnyInRange('0', '9');

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

    /// <summary>A type whose values are filled up to its size: <c>char(10)</c>, <c>bit(8)</c>.</summary>
    private void MeasurePadding(int from)
    {
        for (var i = from; i < _at - 2; i++)
        {
            if ((_tokens[i].Keyword is SqlKeyword.Char or SqlKeyword.Character or SqlKeyword.Nchar or SqlKeyword.Bit or SqlKeyword.Binary
                    || IsWord(_tokens[i], "bpchar") || _tokens[i].Kind == SqlTokenKind.QuotedName)
                && _tokens[i + 1].Kind == SqlTokenKind.Open && _tokens[i + 2].Kind == SqlTokenKind.Number)
            {
                var size = NumberOf(_tokens[i + 2]) ?? long.MaxValue;
                Count(i, BoundsValues ? Math.Min(size, BoundedSize) : size);
            }
        }
    }

    /// <summary>Counts a value that the text makes large.</summary>
    private void Count(int token, long size)
    {
        _size = Math.Max(_size, size);
        _sizes += Math.Min(size, MaxSize + 1);
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
}
