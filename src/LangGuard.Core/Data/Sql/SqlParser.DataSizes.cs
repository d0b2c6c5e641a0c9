using System.Buffers;
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

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789abcdefABCDEFxXoO_.+");

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
        var (factor, total, intervals, callsItself) = (1L, 0L, 0, false);
        var (casts, digits) = (false, false);
        for (var i = 0; i < _tokens.Length; i++)
        {
            var token = _tokens[i];
            callsItself |= token.Keyword == SqlKeyword.Recursive;
            intervals += token.Keyword == SqlKeyword.Interval ? 1 : 0;
            casts |= token.Kind == SqlTokenKind.Cast || (token.Kind == SqlTokenKind.Word && IsWord(token, "cast"));
            digits |= token.Kind == SqlTokenKind.Text && HasDigit(TextOf(token));
            total += token.Kind == SqlTokenKind.Number ? NumberOf(token) ?? long.MaxValue / 2 : 0;
            var isSmall = token.Kind switch
            {
                SqlTokenKind.Number => total <= SmallTotal && NumberOf(token) <= SmallNumber,
                SqlTokenKind.Text => !MayBeNumber(TextOf(token)),
                SqlTokenKind.Parameter => i > 0 && IsComparison(_tokens[i - 1]),
                SqlTokenKind.Operator => IsComparison(token) || IsSmallStep(i, callsItself),
                // A size may be a multiple; what a query hands to itself may not.
                SqlTokenKind.Star => !IsTimes(i) || ((!callsItself || i > open) && TryMultiply(i, ref factor)),
                SqlTokenKind.Word when _tokens[i + 1].Kind == SqlTokenKind.Open => IsHarmless(i, callsItself),
                SqlTokenKind.QuotedName => _tokens[i + 1].Kind != SqlTokenKind.Open,
                _ => token.Keyword != SqlKeyword.Values,
            };

            // A text that becomes a number.
            if (!isSmall || intervals > 1 || (casts && digits))
            {
                return false;
            }
        }

        return true;
    }

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

    /// <summary>What an engine takes for a number where it wants one: <c>'100'</c>, <c>' 1_000'</c>, <c>'0x10'</c>, <c>'1e9'</c>; no date.</summary>
    private static bool MayBeNumber(ReadOnlySpan<char> text)
    {
        // Escapes and other quotes may say anything.
        if (text[0] != '\'')
        {
            return true;
        }

        text = text.Trim('\'').Trim().TrimStart("+-").TrimStart();
        return HasDigit(text) && (char.IsDigit(text[0]) || text[0] == '.') && !text.ContainsAnyExcept(OfNumbers);
    }

    private readonly bool IsComparison(in SqlToken token) =>
        token.Kind == SqlTokenKind.Equal || token.Keyword is SqlKeyword.Limit or SqlKeyword.Offset or SqlKeyword.Like
        || (token.Kind == SqlTokenKind.Operator && TextOf(token) is "<" or ">" or "<=" or ">=" or "<>" or "!=");

    private readonly bool IsSmallStep(int at, bool callsItself) => TextOf(_tokens[at]) switch
    {
        "||" => !callsItself || _tokens[at + 1].Kind != SqlTokenKind.Star,
        "+" => !callsItself || (_tokens[at + 1].Kind == SqlTokenKind.Number && NumberOf(_tokens[at + 1]) <= MostStep),
        "-" or "/" or "%" => true,
        _ => false,
    };

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
