using System.Buffers;
using System.Globalization;

namespace LangGuard.Data;

/// <summary>What SQL Server cuts in its own way.</summary>
internal ref partial struct SqlLexer
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\f\v\u0085\u2028\u2029");

    /// <summary>Reads a token that only SQL Server reads so.</summary>
    /// <returns>Whether it was one.</returns>
    private bool ReadTSqlToken()
    {
        var character = _text[_at];
        switch (character)
        {
            case '\'':
                return false;
            case '[':
                ReadTSqlBracketName();
                return true;
            case '"':
                var start = _at;
                ReadQuoted(SqlTokenKind.QuotedName, '"', 0, backslashEscapes: false);
                CheckTSqlName(start);
                return true;
            case '@':
                ReadTSqlVariable();
                return true;
            case '{':
                ReadBraces();
                return true;
            case '#':
                Refuse(_at, "the name of a table", "Temporary tables are not allowed.");
                return true;
            case '$':
                ReadMoney();
                return true;
            case ':' when Peek(1) is not (':' or '='):
                Add(SqlTokenKind.Colon, 1);
                return true;
            case 'n' or 'N' when Peek(1) == '\'':
                ReadQuoted(SqlTokenKind.Text, '\'', 1, backslashEscapes: false);
                return true;
            case '(' or ')' or ',' or ';':
                return false;
            case '.':
                return false;
        }

        if (char.IsAsciiDigit(character))
        {
            return false;
        }

        if (IsNameStart(character) || character > '\x7f')
        {
            ReadTSqlWord();
        }
        else
        {
            ReadTSqlOperator();
        }

        return true;
    }

    /// <summary>A name without quotes. One may hold signs that begin another token elsewhere, and a text behind one is an alias.</summary>
    private void ReadTSqlWord()
    {
        if (Peek(1) == '\'')
        {
            Refuse(_at + 1, "a space", "A text stands right behind a name.");
            return;
        }

        ReadWord();
        if (Refusal is null && Peek(0) is '@' or '#' or '\'')
        {
            Refuse(_at, "quotes around the name", "The name goes on with a sign that has another meaning elsewhere.");
        }
    }

    private void ReadTSqlBracketName()
    {
        var start = _at;
        ReadBracketName();
        if (Refusal is null && Peek(0) == ']')
        {
            Refuse(start, "a name without brackets in it", "A name with a closing bracket in it is not read.");
            return;
        }

        CheckTSqlName(start);
    }

    /// <summary>The engine's comparison of names skips blanks at the end and characters without weight: two spellings, one name.</summary>
    private void CheckTSqlName(int start)
    {
        if (Refusal is not null)
        {
            return;
        }

        var name = _text[(start + 1)..(_at - 1)];
        foreach (var character in name)
        {
            if (char.IsControl(character)
                || (character > '\x7f' && CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.Format
                    or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse))
            {
                Refuse(start, "a plain name", "The name holds a character that the server may not see.");
                return;
            }
        }

        if (name[^1] == ' ' || name[0] == ' ')
        {
            Refuse(start, "a name without blanks around it", "The name begins or ends with a blank.");
        }
    }

    private void ReadTSqlVariable()
    {
        if (Peek(1) == '@')
        {
            var length = 2;
            while (IsNamePart(Peek(length)))
            {
                length++;
            }

            // Anything else tells of the server, the login or what others do.
            if (Peek(length) is not ('@' or '#' or '\'' or > '\x7f')
                && (_text.Slice(_at, length).Equals("@@DATEFIRST", StringComparison.OrdinalIgnoreCase)
                    || _text.Slice(_at, length).Equals("@@MAX_PRECISION", StringComparison.OrdinalIgnoreCase)))
            {
                Add(SqlTokenKind.Number, length);
                return;
            }

            Refuse(_at, "a value", "This variable of the server is not allowed.");
            return;
        }

        if (!IsNameStart(Peek(1)))
        {
            Refuse(_at, "the name of a parameter", "The sign @ stands alone.");
            return;
        }

        ReadParameter(digitsOnly: false);
        if (Refusal is null && Peek(0) is '@' or '#')
        {
            Refuse(_at, "a space", "The name of a parameter ends in something else.");
        }
    }

    /// <summary><c>$1.50</c> is a number; <c>$identity</c> is a column.</summary>
    private void ReadMoney()
    {
        var length = Digits(1);
        if (length == 1)
        {
            Refuse(_at, "a number", "A dollar sign stands alone or begins a name.");
            return;
        }

        if (Peek(length) == '.')
        {
            length = Digits(length + 1);
        }

        if (IsNamePart(Peek(length)) || Peek(length) is '.' or '@' or '#' or > '\x7f')
        {
            Refuse(_at + length, "a space", "The number ends in something else.");
            return;
        }

        Add(SqlTokenKind.Number, length);
    }

    private void ReadTSqlOperator()
    {
        var length = (_text[_at], Peek(1)) switch
        {
            ('<', '=' or '>') or ('>', '=') or ('!', '=' or '<' or '>') or ('|', '|') => 2,
            ('+' or '-' or '*' or '/' or '%' or '&' or '|' or '^', '=') => 2,
            ('+' or '-' or '*' or '/' or '&' or '|' or '^' or '~' or '<' or '>' or '=', _) => 1,

            // Two of them begin the name of a place on a page.
            ('%', not '%') => 1,
            _ => 0,
        };
        if (length == 0)
        {
            Refuse(_at, "a name, a value or an operator", "The text holds a character that has no meaning here.");
            return;
        }

        Add(_text.Slice(_at, length) switch { "*" => SqlTokenKind.Star, "=" => SqlTokenKind.Equal, _ => SqlTokenKind.Operator }, length);
    }

    /// <summary>What ends a line is not the same for everybody.</summary>
    /// <returns>Whether the comment ends where all agree that it does.</returns>
    private bool SkipTSqlLine()
    {
        var start = _at;
        SkipLine();
        var comment = _text[start.._at].TrimEnd("\r\n");
        if (comment.ContainsAny(LineEnds))
        {
            Refuse(start, "a comment on one line", "It is not clear where the comment ends.");
            return false;
        }

        return true;
    }
}
