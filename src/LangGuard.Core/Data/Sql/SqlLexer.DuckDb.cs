using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace LangGuard.Data;

/// <summary>What DuckDB cuts in its own way.</summary>
internal ref partial struct SqlLexer
{
    private static readonly SearchValues<char> DuckDbOperatorSigns = SearchValues.Create("~!@#^&|`?+-*/%<>=");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> DuckDbOperators =
        ("+ - * / // % ** ^ & | << >> ~ @ || && <-> <=> <@ @> ^@ = == <> != < > <= >= ~~ !~~ ~~* !~~* ~~~ !~~~ -> ->> !~ =>")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads a token that only DuckDB reads so.</summary>
    /// <returns>Whether it was one.</returns>
    private bool ReadDuckDbToken()
    {
        var character = _text[_at];
        switch (character)
        {
            case '"':
                var start = _at;
                ReadQuoted(SqlTokenKind.QuotedName, '"', 0, backslashEscapes: false);
                CheckDuckDbName(start);
                return true;
            case '{':
                Add(SqlTokenKind.OpenBrace, 1);
                return true;
            case '}':
                Add(SqlTokenKind.CloseBrace, 1);
                return true;
            case ':':
                Add(Peek(1) switch { ':' => SqlTokenKind.Cast, '=' => SqlTokenKind.Arrow, _ => SqlTokenKind.Colon }, Peek(1) is ':' or '=' ? 2 : 1);
                return true;
            case '?' when !DuckDbOperatorSigns.Contains(Peek(1)):
                ReadParameter(digitsOnly: true);
                return true;
            case '$' when char.IsAsciiDigit(Peek(1)):
                ReadParameter(digitsOnly: true);
                return true;
            case '$' when !EndsDollarTag():
                ReadParameter(digitsOnly: false);
                return true;
            case '.' when char.IsAsciiDigit(Peek(1)):
                ReadDuckDbNumber();
                return true;
        }

        if (char.IsAsciiDigit(character))
        {
            ReadDuckDbNumber();
            return true;
        }

        if (!DuckDbOperatorSigns.Contains(character))
        {
            return false;
        }

        ReadDuckDbOperator();
        return true;
    }

    /// <summary>Whether a dollar sign begins <c>$tag$</c> or nothing that is known, rather than <c>$name</c>.</summary>
    private readonly bool EndsDollarTag()
    {
        if (!IsNameStart(Peek(1)))
        {
            return true;
        }

        var length = 1;
        while (IsNamePart(Peek(length)) && Peek(length) != '$')
        {
            length++;
        }

        return Peek(length) == '$';
    }

    /// <summary>The engine turns some blanks outside ASCII into plain ones before it reads a text; in a name that makes another.</summary>
    private void CheckDuckDbName(int start)
    {
        if (Refusal is not null)
        {
            return;
        }

        foreach (var character in _text[(start + 1)..(_at - 1)])
        {
            if (char.IsControl(character)
                || (character > '\x7f' && CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.Format
                    or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                Refuse(start, "a plain name", "The name holds a character that the engine may read as another one.");
                return;
            }
        }
    }

    /// <summary>Digits may have an underscore between them. <c>0x1F</c> is a zero with an alias, and so refused.</summary>
    private void ReadDuckDbNumber()
    {
        var length = GroupedDigits(0);
        if (Peek(length) == '.')
        {
            length = GroupedDigits(length + 1);
        }

        if (TrySkipExponent(ref length))
        {
            EndNumber(length);
        }
    }

    private readonly int GroupedDigits(int length)
    {
        while (char.IsAsciiDigit(Peek(length)) || (Peek(length) == '_' && length > 0 && char.IsAsciiDigit(Peek(length - 1)) && char.IsAsciiDigit(Peek(length + 1))))
        {
            length++;
        }

        return length;
    }

    /// <summary>A run of signs is one operator, as in PostgreSQL; a run that is none is refused.</summary>
    private void ReadDuckDbOperator()
    {
        var length = 0;
        while (DuckDbOperatorSigns.Contains(Peek(length))
            && !(Peek(length) == '-' && Peek(length + 1) == '-') && !(Peek(length) == '/' && Peek(length + 1) == '*'))
        {
            length++;
        }

        length = PostgresOperator(length);
        var sign = _text.Slice(_at, length);
        if (!DuckDbOperators.Contains(sign))
        {
            Refuse(_at, "an operator", "The text holds signs that have no meaning here.");
            return;
        }

        Add(sign switch { "*" => SqlTokenKind.Star, "=" => SqlTokenKind.Equal, "=>" => SqlTokenKind.Arrow, _ => SqlTokenKind.Operator }, length);
    }
}
