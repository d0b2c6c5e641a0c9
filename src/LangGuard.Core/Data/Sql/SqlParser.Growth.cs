using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>How often values are joined to values under ever new names: where one query makes <c>s || s</c> of what another made, a short
/// text doubles a value as often as it has queries. What one expression joins counts together; what a query makes of the columns of
/// another multiplies.</summary>
internal ref partial struct SqlParser
{
    private const long MaxGrowth = 1_024;

    /// <summary>Every number of SQL Server is joined by the sign that joins its texts.</summary>
    private const long MaxSumGrowth = 100_000;

    /// <summary>What a replacement of one name by another counts: where a value is replaced in itself, its size is squared.</summary>
    private const long Squares = 64;

    /// <summary>Calls whose value holds all of their arguments.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Joining = FrozenSet.ToFrozenSet(
        (
            "concat concat_ws format printf sformat string_agg group_concat listagg row struct_pack struct_insert struct_concat map map_concat "
            + "map_from_entries json_array json_object json_build_array json_build_object jsonb_build_array jsonb_build_object json_group_array "
            + "json_group_object json_arrayagg json_objectagg json_agg jsonb_agg json_object_agg jsonb_object_agg json_set json_insert "
            + "json_replace json_patch json_merge_patch json_merge json_merge_preserve json_array_append json_array_insert json_modify "
            + "jsonb_set jsonb_insert to_json to_jsonb row_to_json array_agg array_cat array_concat array_append array_prepend "
            + "array_push_back array_push_front array_zip array_to_string list list_value list_pack list_concat list_cat list_append "
            + "list_prepend list_zip list_transform list_apply list_reduce array_transform array_apply array_reduce apply reduce flatten "
            + "replace regexp_replace overlay insert stuff make_set xmlconcat xmlelement xmlforest xmlagg tsvector_concat")
            .Split(' '),
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private void BeginGrowth(ref QueryScope scope)
    {
        scope.First = _at;
        scope.Growths = _lists.Growths.Count;
        (scope.Joined, scope.Sources, scope.Expressions, scope.FirstName) = (_joined, _sources, _expressions, _firstName);
        (_joined, _sources, _expressions, _firstName) = (1, 1, 0, _lists.Names.Count);
    }

    private void EndGrowth(in QueryScope scope)
    {
        var growth = Product(_joined, _sources);
        if (growth > (_language.IsTSql ? MaxSumGrowth : MaxGrowth))
        {
            RefuseAt(
                _tokens[scope.First].Start,
                "fewer values joined to each other",
                "The values may become too large: what other queries have joined is joined again too often.");
        }

        _lists.Names.RemoveRange(_firstName, _lists.Names.Count - _firstName);
        _lists.Growths.RemoveRange(scope.Growths, _lists.Growths.Count - scope.Growths);
        (_joined, _sources, _expressions, _firstName) = (scope.Joined, scope.Sources, scope.Expressions, scope.FirstName);
        if (_expressions > 0)
        {
            _lists.Growths.Add((scope.First, growth));
        }
        else
        {
            _sources = Math.Max(_sources, growth);
        }
    }

    private void ReadExpression()
    {
        var first = _at;
        _expressions++;
        ReadOperators(stopAtAnd: false);
        if (--_expressions == 0 && !IsFailed)
        {
            _lastJoined = JoinedBy(first, _at);
            _joined = Math.Max(_joined, _lastJoined);
        }
    }

    /// <summary>Keeps what a result column has grown by, for an engine in which other columns can use it by its name.</summary>
    private readonly void NameGrowth()
    {
        if (_language.IsDuckDb && _lastJoined > 1 && _lists.Outputs is [.., { Token: >= 0, IsStar: false } output])
        {
            _lists.Names.Add((output.Token, _lastJoined));
        }
    }

    /// <summary>How many values the tokens join.</summary>
    private readonly long JoinedBy(int first, int end)
    {
        var (sum, largest, joins) = (0L, 1L, false);
        for (var i = first; i < end; i++)
        {
            var token = _tokens[i];
            if (token.Keyword == SqlKeyword.When)
            {
                i = EndOfCondition(i, end);
                continue;
            }

            if (token.Kind == SqlTokenKind.Open && StartsQuery(i + 1 - _at))
            {
                var close = CloseOf(i, end);
                var growth = GrowthBetween(i, close);
                (sum, largest, i) = (sum + growth, Math.Max(largest, growth), close);
                continue;
            }

            joins |= IsJoin(i);
            if (IsReplacement(i, out var weight))
            {
                sum += weight - 1;
            }

            if (IsValueName(i))
            {
                var growth = GrowthOfName(i);
                (sum, largest) = (sum + growth, Math.Max(largest, growth));
            }
        }

        return joins ? Math.Max(sum, largest) : largest;
    }

    private readonly int EndOfCondition(int when, int end)
    {
        var depth = 0;
        for (var i = when + 1; i < end; i++)
        {
            depth += _tokens[i].Keyword == SqlKeyword.Case ? 1 : _tokens[i].Keyword == SqlKeyword.End ? -1 : 0;
            if (depth == 0 && _tokens[i].Keyword == SqlKeyword.Then)
            {
                return i;
            }
        }

        return end;
    }

    private readonly int CloseOf(int open, int end)
    {
        var depth = 0;
        for (var i = open; i < end; i++)
        {
            depth += _tokens[i].Kind == SqlTokenKind.Open ? 1 : _tokens[i].Kind == SqlTokenKind.Close ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return end;
    }

    private readonly long GrowthBetween(int open, int close)
    {
        var largest = 1L;
        foreach (var (at, growth) in _lists.Growths)
        {
            largest = at > open && at < close ? Math.Max(largest, growth) : largest;
        }

        return largest;
    }

    private readonly bool IsJoin(int at) => _tokens[at].Kind switch
    {
        SqlTokenKind.Operator => TextOf(_tokens[at]) is "||" ? !_language.IsMySql : _language.IsTSql && TextOf(_tokens[at]) is "+",
        SqlTokenKind.OpenBrace => true,
        SqlTokenKind.OpenBracket => at == 0 || _tokens[at - 1].Keyword == SqlKeyword.Array
            || !(IsName(_tokens[at - 1]) || _tokens[at - 1].Kind is SqlTokenKind.Close or SqlTokenKind.CloseBracket),
        SqlTokenKind.Word or SqlTokenKind.QuotedName => _tokens[at + 1].Kind == SqlTokenKind.Open && Joining.Contains(TextOf(_tokens[at]).Trim('"')),
        _ => false,
    };

    /// <summary>Whether a name stands here that is a value: no function, qualifier, alias or type.</summary>
    private readonly bool IsValueName(int at)
    {
        var next = _tokens[at + 1].Kind;
        return IsName(_tokens[at]) && next != SqlTokenKind.Open
            && (next != SqlTokenKind.Dot || (at + 3 < _tokens.Length && _tokens[at + 3].Kind == SqlTokenKind.Open))
            && (at == 0 || (_tokens[at - 1].Kind != SqlTokenKind.Cast && _tokens[at - 1].Keyword != SqlKeyword.As));
    }

    private readonly long GrowthOfName(int at)
    {
        for (var i = _lists.Names.Count - 1; i >= _firstName; i--)
        {
            if (TextOf(_tokens[_lists.Names[i].Token]).Trim('"').Equals(TextOf(_tokens[at]).Trim('"'), StringComparison.OrdinalIgnoreCase))
            {
                return _lists.Names[i].Growth;
            }
        }

        return 1;
    }

    /// <summary>Whether a call replaces parts of a value by what may hold the same parts again.</summary>
    private readonly bool IsReplacement(int name, out long weight)
    {
        weight = 1;
        if (_tokens[name + 1].Kind != SqlTokenKind.Open
            || (!IsWord(_tokens[name], "replace") && !IsWord(_tokens[name], "regexp_replace") && _tokens[name].Kind != SqlTokenKind.QuotedName))
        {
            return false;
        }

        weight = ReplacementWeight(name + 1, Squares);
        return weight > 1;
    }

    /// <summary>How many times larger a replacement makes a value when it is done again.</summary>
    /// <param name="open">Where the arguments begin.</param>
    /// <param name="unknown">What a replacement counts that is no text.</param>
    private readonly long ReplacementWeight(int open, long unknown)
    {
        Span<Range> arguments = stackalloc Range[MaxSizedArguments];
        var count = ReadArgumentRanges(open, arguments);

        // a.replace(b, c) is replace(a, b, c).
        var isMethod = _language.IsDuckDb && open > 1 && _tokens[open - 2].Kind == SqlTokenKind.Dot;
        var weight = isMethod && count > 1 ? ReplacementWeight(_tokens[arguments[0]], _tokens[arguments[1]], unknown) : 1;
        return count > 2 ? Math.Max(weight, ReplacementWeight(_tokens[arguments[1]], _tokens[arguments[2]], unknown)) : weight;
    }

    private readonly long ReplacementWeight(ReadOnlySpan<SqlToken> pattern, ReadOnlySpan<SqlToken> replacement, long unknown)
    {
        if (replacement is not [{ Kind: SqlTokenKind.Text } text])
        {
            return unknown;
        }

        var replaced = pattern is [{ Kind: SqlTokenKind.Text } part] ? Math.Max(1, TextOf(part).Length - 2) : 1;
        var by = TextOf(text);
        return by.Length - 2 > replaced && RepeatsLetter(by[1..^1]) ? Math.Max(2, (by.Length - 2) / replaced) : 1;
    }

    private static bool RepeatsLetter(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[(i + 1)..].Contains(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
