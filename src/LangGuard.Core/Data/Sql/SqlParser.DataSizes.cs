using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>Sizes that are no numbers in the text: <c>repeat('*', rating)</c>, <c>repeat('  ', depth)</c> of a tree.</summary>
internal ref partial struct SqlParser
{
    private const long SmallNumber = 9_999;

    /// <summary>What all numbers of such a statement may come to.</summary>
    private const long SmallTotal = 2 * SmallNumber;

    private const long MostStep = 9;

    private const long MostTimes = 100;

    /// <summary>What may stand before a parenthesis: syntax, and functions whose value is text, a time, or no larger than the data.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Harmless = FrozenSet.ToFrozenSet(
        (
            "in as and or not on using by where when then else over filter exists union all any some select from join having case is "
            + "count avg min max round floor ceil ceiling abs greatest least nullif coalesce sign row_number rank dense_rank ntile "
            + "repeat lpad rpad concat concat_ws upper lower trim ltrim rtrim btrim left right substring substr initcap string_agg "
            + "unnest range generate_series date_trunc today now varchar char numeric decimal cast length char_length")
            .Split(' '),
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a size comes from rows. An engine in the process of the host makes thousands of values at a time: there a number of
    /// the data is no bound.</summary>
    /// <param name="open">Where the arguments of the call begin that is being read.</param>
    private readonly bool IsOfData(int open) => _language.IsPostgres && HasSmallNumbers(open);

    /// <summary>Whether nothing in the statement makes a large number that is not in the data already: no large number, no text
    /// that becomes one, no parameter but one that something is compared with, no function but harmless ones, and where a query calls itself,
    /// nothing that grows faster than by counting.</summary>
    private readonly bool HasSmallNumbers(int open)
    {
        var (factor, total, callsItself) = (1L, 0L, false);
        var (casts, joins) = (false, 0);
        for (var i = 0; i < _tokens.Length; i++)
        {
            var token = _tokens[i];
            callsItself |= token.Keyword == SqlKeyword.Recursive;
            casts |= token.Kind == SqlTokenKind.Cast || (token.Kind == SqlTokenKind.Word && IsWord(token, "cast"));
            joins += Joins(i) ? 1 : 0;
            total += token.Kind == SqlTokenKind.Number ? NumberOf(token) ?? long.MaxValue / 2 : 0;
            var isSmall = token.Kind switch
            {
                SqlTokenKind.Number => total <= SmallTotal && NumberOf(token) <= SmallNumber,
                SqlTokenKind.Text => !HasDigit(TextOf(token)) || (i > 0 && IsComparison(_tokens[i - 1])),
                SqlTokenKind.Parameter => i > 0 && IsComparison(_tokens[i - 1]),
                SqlTokenKind.Operator => IsComparison(token) || IsSmallStep(i, callsItself),
                // A size may be a multiple; what a query hands to itself may not.
                SqlTokenKind.Star => !IsTimes(i) || ((!callsItself || i > open) && TryMultiply(i, ref factor)),
                SqlTokenKind.Word when _tokens[i + 1].Kind == SqlTokenKind.Open => IsHarmless(i, callsItself),
                SqlTokenKind.QuotedName => _tokens[i + 1].Kind != SqlTokenKind.Open,
                _ => token.Keyword != SqlKeyword.Values,
            };

            // Digits of the data, put one behind the other, become another number. One call may be the one whose size it is.
            if (!isSmall || (casts && joins > 1))
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool Joins(int at) => _tokens[at].Kind == SqlTokenKind.Operator
        ? TextOf(_tokens[at]) is "||"
        : _tokens[at].Kind == SqlTokenKind.Word && _tokens[at + 1].Kind == SqlTokenKind.Open
            && (IsWord(_tokens[at], "concat") || IsWord(_tokens[at], "concat_ws") || IsWord(_tokens[at], "string_agg")
                || IsWord(_tokens[at], "repeat") || IsWord(_tokens[at], "lpad") || IsWord(_tokens[at], "rpad"));

    private static bool HasDigit(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsDigit(character))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool IsComparison(in SqlToken token) =>
        token.Kind == SqlTokenKind.Equal || token.Keyword is SqlKeyword.Limit or SqlKeyword.Offset or SqlKeyword.Like
        || (token.Kind == SqlTokenKind.Operator && TextOf(token) is "<" or ">" or "<=" or ">=" or "<>" or "!=");

    /// <summary>Nothing grows but by a number of the text: <c>n + n</c> doubles under ever new names, and what is divided by a fraction or taken
    /// from another value may be anything.</summary>
    private readonly bool IsSmallStep(int at, bool callsItself)
    {
        var (before, after) = (_tokens[at - 1].Kind == SqlTokenKind.Number, _tokens[at + 1].Kind == SqlTokenKind.Number);
        return TextOf(_tokens[at]) switch
        {
            "||" => true,
            "+" => callsItself ? after && NumberOf(_tokens[at + 1]) <= MostStep : before || after,
            "-" => before || after,
            "/" or "%" => after,
            _ => false,
        };
    }

    /// <summary>Not <c>SELECT *</c>, <c>t.*</c> or <c>count(*)</c>.</summary>
    private readonly bool IsTimes(int at) => at > 0
        && (_tokens[at - 1].Kind is SqlTokenKind.Number or SqlTokenKind.Close or SqlTokenKind.CloseBracket or SqlTokenKind.QuotedName
            or SqlTokenKind.Parameter or SqlTokenKind.Text
            || (_tokens[at - 1].Kind == SqlTokenKind.Word && _tokens[at - 1].Keyword is not (SqlKeyword.Select or SqlKeyword.Distinct or SqlKeyword.All)));

    private readonly bool TryMultiply(int at, ref long factor)
    {
        var by = _tokens[at - 1].Kind == SqlTokenKind.Number ? NumberOf(_tokens[at - 1])
            : _tokens[at + 1].Kind == SqlTokenKind.Number ? NumberOf(_tokens[at + 1])
            : null;
        factor = Product(factor, by ?? long.MaxValue);
        return factor <= MostTimes;
    }

    private readonly bool IsHarmless(int at, bool callsItself)
    {
        var word = TextOf(_tokens[at]);
        return Harmless.Contains(word)
            ? !callsItself || !word.EndsWith("length", StringComparison.OrdinalIgnoreCase)
            : IsNameOfQuery(at);
    }

    /// <summary><c>WITH tree (id, depth) AS (</c></summary>
    private readonly bool IsNameOfQuery(int at)
    {
        var close = at + 1;
        while (close < _tokens.Length - 2 && _tokens[close].Kind is SqlTokenKind.Open or SqlTokenKind.Word or SqlTokenKind.QuotedName or SqlTokenKind.Comma)
        {
            close++;
        }

        return at > 0 && _tokens[at - 1].Keyword is SqlKeyword.With or SqlKeyword.Recursive or SqlKeyword.None
            && close < _tokens.Length - 2 && _tokens[close].Kind == SqlTokenKind.Close && _tokens[close + 1].Keyword == SqlKeyword.As
            && _tokens[close + 2].Kind == SqlTokenKind.Open;
    }
}
