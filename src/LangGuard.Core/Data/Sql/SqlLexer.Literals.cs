using System.Buffers;
using System.Globalization;

namespace LangGuard.Data;

/// <summary>Texts, numbers, quoted names and parameter marks.</summary>
internal ref partial struct SqlLexer
{
    private void ReadQuoted(SqlTokenKind kind, char quote, int prefix, bool backslashEscapes)
    {
        var end = _at + prefix + 1;
        while (true)
        {
            var rest = _text[end..];
            var next = backslashEscapes ? rest.IndexOfAny(quote, '\\') : rest.IndexOf(quote);
            if (next < 0)
            {
                Refuse(_at, $"a closing {quote}", "The text in quotes is not closed.");
                return;
            }

            end += next;
            if (_text[end] == '\\')
            {
                // An escape at the very end leaves the quotes open: the search above then finds nothing.
                end = Math.Min(end + 2, _text.Length);
                continue;
            }

            end++;
            if (end < _text.Length && _text[end] == quote)
            {
                end++;
                continue;
            }

            break;
        }

        if (kind == SqlTokenKind.QuotedName && end - _at - prefix <= 2)
        {
            Refuse(_at, "a name", "A name in quotes is empty.");
            return;
        }

        Add(kind, end - _at);
    }

    private void ReadBracketName()
    {
        var length = _text[_at..].IndexOf(']');
        if (length < 2)
        {
            Refuse(_at, "a name and ]", "The name in brackets is empty or not closed.");
            return;
        }

        Add(SqlTokenKind.QuotedName, length + 1);
    }

    /// <summary><c>{d '2024-01-01'}</c>, <c>{t '10:00'}</c>, <c>{ts '2024-01-01 10:00'}</c>: a date or time the way that drivers write it.
    /// Nothing else in braces is read.</summary>
    private void ReadBraces()
    {
        var length = 1;
        while (Peek(length) == ' ')
        {
            length++;
        }

        var word = length;
        while (char.IsAsciiLetter(Peek(length)))
        {
            length++;
        }

        var isTime = _text.Slice(_at + word, length - word) is "d" or "D" or "t" or "T" or "ts" or "TS";
        while (Peek(length) == ' ')
        {
            length++;
        }

        isTime &= Peek(length++) == '\'';
        while (char.IsAsciiDigit(Peek(length)) || Peek(length) is '-' or ':' or '.' or ' ')
        {
            length++;
        }

        isTime &= Peek(length++) == '\'';
        while (Peek(length) == ' ')
        {
            length++;
        }

        if (!isTime || Peek(length) != '}')
        {
            Refuse(_at, "a name, a value or an operator", "The text holds a character that has no meaning here.");
            return;
        }

        Add(SqlTokenKind.Text, length + 1);
    }

    private void ReadColon()
    {
        if (_language.IsPostgres && Peek(1) == ':')
        {
            Add(SqlTokenKind.Cast, 2);
        }
        else if (_language.IsPostgres && Peek(1) == '=')
        {
            Add(SqlTokenKind.Arrow, 2);
        }
        else if (!_language.IsMySql && IsNameStart(Peek(1)))
        {
            ReadParameter(digitsOnly: false);
        }
        else if (_language.IsPostgres)
        {
            Add(SqlTokenKind.Colon, 1);
        }
        else
        {
            Refuse(_at, "the name of a parameter", "A colon stands alone.");
        }
    }

    private void ReadDollar()
    {
        if (_language.IsMySql)
        {
            Refuse(_at, "quotes around the name", "A dollar sign begins a word.");
            return;
        }

        if (_language.IsSqlite)
        {
            if (IsNameStart(Peek(1)))
            {
                ReadParameter(digitsOnly: false);
                return;
            }

            Refuse(_at, "the name of a parameter", "A dollar sign stands alone.");
            return;
        }

        if (char.IsAsciiDigit(Peek(1)))
        {
            ReadParameter(digitsOnly: true);
            return;
        }

        var tag = 1;
        while (IsNameStart(Peek(tag)) || (tag > 1 && char.IsAsciiDigit(Peek(tag))))
        {
            tag++;
        }

        if (Peek(tag) != '$')
        {
            Refuse(_at, "a parameter or $$", "A dollar sign begins neither a parameter nor a text.");
            return;
        }

        tag++;
        var close = _text[(_at + tag)..].IndexOf(_text.Slice(_at, tag), StringComparison.Ordinal);
        if (close < 0)
        {
            Refuse(_at, "the closing tag", "The text between dollar signs is not closed.");
            return;
        }

        Add(SqlTokenKind.Text, tag + close + tag);
    }

    private void ReadParameter(bool digitsOnly)
    {
        var length = 1;
        while (digitsOnly ? char.IsAsciiDigit(Peek(length)) : IsNamePart(Peek(length)) && Peek(length) != '$')
        {
            length++;
        }

        // Engines read on here: the name of a Tcl variable, or digits and then another word.
        var next = Peek(length);
        if (IsNamePart(next) || next > '\x7f' || (_language.IsSqlite && (next == '(' || next == ':')))
        {
            Refuse(_at + length, "a space", "The name of a parameter ends in something else.");
            return;
        }

        Add(SqlTokenKind.Parameter, length);
    }

    private void ReadNumber()
    {
        var length = 0;
        if (_text[_at] == '0' && Peek(1) is 'x' or 'X')
        {
            length = 2;
            while (char.IsAsciiHexDigit(Peek(length)))
            {
                length++;
            }

            if (length == 2)
            {
                Refuse(_at, "hexadecimal digits", "The number is not complete.");
                return;
            }
        }
        else if (_language.IsMySql && _text[_at] == '0' && Peek(1) == 'b' && Peek(2) is '0' or '1')
        {
            length = 2;
            while (Peek(length) is '0' or '1')
            {
                length++;
            }
        }
        else
        {
            length = Digits(length);
            if (Peek(length) == '.')
            {
                length = Digits(length + 1);
            }

            if (!TrySkipExponent(ref length))
            {
                return;
            }
        }

        EndNumber(length);
    }

    private bool TrySkipExponent(ref int length)
    {
        if (Peek(length) is not ('e' or 'E'))
        {
            return true;
        }

        var digits = length + (Peek(length + 1) is '+' or '-' ? 2 : 1);
        if (!char.IsAsciiDigit(Peek(digits)))
        {
            Refuse(_at, "an exponent", "The number is not complete.");
            return false;
        }

        length = Digits(digits);
        return true;
    }

    /// <summary>Adds a number. Some engines read <c>1abc</c> as the number 1 and the alias abc.</summary>
    private void EndNumber(int length)
    {
        var next = Peek(length);
        if (IsNamePart(next) || next > '\x7f' || next == '.')
        {
            Refuse(_at + length, "a space", "The number ends in something else.");
            return;
        }

        Add(SqlTokenKind.Number, length);
    }

    private readonly int Digits(int length)
    {
        while (char.IsAsciiDigit(Peek(length)))
        {
            length++;
            if (_language.IsSqlite && Peek(length) == '_' && char.IsAsciiDigit(Peek(length + 1)))
            {
                length++;
            }
        }

        return length;
    }
}
