using System.Buffers;
using System.Globalization;

namespace LangGuard.Data;

/// <summary>Splits a text into tokens exactly where the engine does. What engines read differently is refused.</summary>
internal ref partial struct SqlLexer(ReadOnlySpan<char> text, SqlLanguage language, Span<SqlToken> tokens)
{
    /// <summary>The most tokens in a text.</summary>
    internal const int MaxTokens = 10_000;

    /// <summary>An operator with one of these may end in plus or minus.</summary>
    private static readonly SearchValues<char> KeepsSign = SearchValues.Create("~!@#%^&|`?");

    private readonly ReadOnlySpan<char> _text = text;
    private readonly SqlLanguage _language = language;
    private readonly Span<SqlToken> _tokens = tokens;
    private int _at;
    private int _count;

    /// <summary>Why the text was not split, or null.</summary>
    internal SqlRefusal? Refusal { get; private set; }

    /// <summary>Splits the text.</summary>
    /// <returns>How many tokens there are, the one for the end included.</returns>
    internal int Read()
    {
        var end = _text.IndexOf('\0');
        if (end >= 0)
        {
            return Refuse(end, "no NUL character", "The text holds a NUL character.");
        }

        while (SkipBlanksAndComments())
        {
            if (_count >= _tokens.Length - 1)
            {
                return Refuse(_at, "the end", "The statement has too many parts.");
            }

            ReadToken();
            if (Refusal is not null)
            {
                return 0;
            }
        }

        if (Refusal is not null)
        {
            return 0;
        }

        _tokens[_count++] = new SqlToken(SqlTokenKind.End, SqlKeyword.None, _text.Length, _text.Length);
        return _count;
    }

    private readonly char Peek(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private int Refuse(int position, string expected, string message)
    {
        Refusal ??= new SqlRefusal(position, expected, message);
        return 0;
    }

    /// <returns>Whether a token follows.</returns>
    private bool SkipBlanksAndComments()
    {
        while (_at < _text.Length)
        {
            var character = _text[_at];
            if (character is ' ' or '\n' or '\t' or '\r' or '\f')
            {
                _at++;
            }
            else if (character == '-' && Peek(1) == '-')
            {
                // Some engines read 1--1 as a difference.
                if (_language.HasMySqlComments && _at + 2 < _text.Length && Peek(2) is not (' ' or '\t' or '\n' or '\r' or '\f'))
                {
                    Refuse(_at, "a space after --", "Two minus signs need a space between or behind them.");
                    return false;
                }

                if (!_language.IsTSql)
                {
                    SkipLine();
                }
                else if (!SkipTSqlLine())
                {
                    return false;
                }
            }
            else if (character == '#' && _language.HasMySqlComments)
            {
                SkipLine();
            }
            else if (character == '/' && Peek(1) == '*')
            {
                // Comments that the engine runs, and hints that change its settings.
                if (_language.HasMySqlComments && Peek(2) is '!' or '+' or 'M')
                {
                    Refuse(_at, "a plain comment", "A comment that the engine reads is not allowed.");
                    return false;
                }

                if (!SkipBlock())
                {
                    return false;
                }
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void SkipLine()
    {
        var rest = _text[_at..];
        var length = _language.ReturnEndsComment ? rest.IndexOfAny('\n', '\r') : rest.IndexOf('\n');
        _at = length < 0 ? _text.Length : _at + length + 1;
    }

    private bool SkipBlock()
    {
        var start = _at;
        var depth = 1;
        _at += 2;
        while (true)
        {
            var next = _text[_at..].IndexOfAny('*', '/');
            if (next < 0)
            {
                Refuse(start, "*/", "The comment is not closed.");
                return false;
            }

            _at += next;
            if (_text[_at] == '*' && Peek(1) == '/')
            {
                _at += 2;
                if (--depth == 0)
                {
                    return true;
                }
            }
            else if (_language.NestsComments && _text[_at] == '/' && Peek(1) == '*')
            {
                depth++;
                _at += 2;
            }
            else
            {
                _at++;
            }
        }
    }

    private void ReadToken()
    {
        if ((_language.IsTSql && ReadTSqlToken()) || (_language.IsDuckDb && ReadDuckDbToken()))
        {
            return;
        }

        var character = _text[_at];
        switch (character)
        {
            case '\'':
                ReadQuoted(SqlTokenKind.Text, '\'', 0, _language.HasBackslashEscapes);
                break;
            case '"' when _language.HasDoubleQuotedTexts:
                ReadQuoted(SqlTokenKind.Text, '"', 0, _language.HasBackslashEscapes);
                break;
            case '"':
                ReadQuoted(SqlTokenKind.QuotedName, '"', 0, backslashEscapes: false);
                break;
            case '`' when _language.HasBacktickNames:
                ReadQuoted(SqlTokenKind.QuotedName, '`', 0, backslashEscapes: false);
                break;
            case '[' when _language.HasBracketNames:
                ReadBracketName();
                break;
            case '(':
                Add(SqlTokenKind.Open, 1);
                break;
            case ')':
                Add(SqlTokenKind.Close, 1);
                break;
            case '[':
                Add(SqlTokenKind.OpenBracket, 1);
                break;
            case ']' when !_language.HasBracketNames:
                Add(SqlTokenKind.CloseBracket, 1);
                break;
            case ',':
                Add(SqlTokenKind.Comma, 1);
                break;
            case ';':
                Add(SqlTokenKind.Semicolon, 1);
                break;
            case '.' when !char.IsAsciiDigit(Peek(1)):
                Add(SqlTokenKind.Dot, 1);
                break;
            case ':':
                ReadColon();
                break;
            case '$':
                ReadDollar();
                break;
            case '?' when _language.IsMySql && !char.IsAsciiDigit(Peek(1)):
            case '?' when _language.IsSqlite:
                ReadParameter(digitsOnly: true);
                break;
            case '{' when _language.IsMySql:
                ReadBraces();
                break;
            case '@' when IsNameStart(Peek(1)):
                ReadParameter(digitsOnly: false);
                break;
            default:
                if (char.IsAsciiDigit(character) || character == '.')
                {
                    ReadNumber();
                }
                else if (IsNameStart(character) || character > '\x7f')
                {
                    ReadWord();
                }
                else
                {
                    ReadOperator();
                }

                break;
        }
    }

    private void Add(SqlTokenKind kind, int length, SqlKeyword keyword = SqlKeyword.None)
    {
        _tokens[_count++] = new SqlToken(kind, keyword, _at, _at + length);
        _at += length;
    }

    private void ReadWord()
    {
        if (Peek(1) == '\'' && _text[_at] is 'x' or 'X')
        {
            ReadQuoted(SqlTokenKind.Text, '\'', 1, backslashEscapes: false);
            return;
        }

        if (_language.IsMySql && Peek(1) == '\'' && _text[_at] is 'b' or 'B' or 'n' or 'N')
        {
            ReadQuoted(SqlTokenKind.Text, '\'', 1, backslashEscapes: true);
            return;
        }

        if (_language.HasPostgresLiterals && ReadPostgresLiteral())
        {
            return;
        }

        var length = 0;
        while (true)
        {
            var next = Peek(length);
            if (IsNamePart(next))
            {
                length++;
            }
            else if (next > '\x7f')
            {
                var width = LetterWidth(_at + length);
                if (width == 0)
                {
                    Refuse(
                        _at + length, "a letter, or quotes around the name",
                        "The text holds a character that engines may read as a blank or as part of a name.");
                    return;
                }

                length += width;
            }
            else
            {
                break;
            }
        }

        Add(SqlTokenKind.Word, length, KeywordOf(_text.Slice(_at, length)));
    }

    private readonly SqlKeyword KeywordOf(ReadOnlySpan<char> word)
    {
        var keyword = SqlKeywords.Find(word);
        if (keyword != SqlKeyword.None || !_language.HasReservedWords || word.Length > SqlKeywords.LongestReserved)
        {
            return keyword;
        }

        Span<char> folded = stackalloc char[SqlKeywords.LongestReserved];
        word.CopyTo(folded);
        folded = folded[..word.Length];
        SqlNames.FoldInPlace(folded);
        return _language.IsReservedWord(folded) ? SqlKeyword.Reserved : SqlKeyword.None;
    }

    private bool ReadPostgresLiteral()
    {
        switch (_text[_at])
        {
            case 'e' or 'E' when Peek(1) == '\'':
                ReadQuoted(SqlTokenKind.Text, '\'', 1, backslashEscapes: true);
                return true;
            case 'b' or 'B' or 'n' or 'N' when Peek(1) == '\'':
                ReadQuoted(SqlTokenKind.Text, '\'', 1, backslashEscapes: false);
                return true;
            case 'u' or 'U' when Peek(1) == '&' && Peek(2) == '\'':
                ReadQuoted(SqlTokenKind.Text, '\'', 2, backslashEscapes: false);
                return true;
            case 'u' or 'U' when Peek(1) == '&' && Peek(2) == '"':
                Refuse(_at, "the name itself", "A name is written with escapes.");
                return true;
            default:
                return false;
        }
    }

    /// <summary>How many characters the letter, mark or digit at a place takes, or 0 when it is something else.</summary>
    private readonly int LetterWidth(int index)
    {
        var category = CharUnicodeInfo.GetUnicodeCategory(_text[index]);
        var width = 1;
        if (category == UnicodeCategory.Surrogate)
        {
            if (index + 1 >= _text.Length || !char.IsSurrogatePair(_text[index], _text[index + 1]))
            {
                return 0;
            }

            category = CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(_text[index], _text[index + 1]));
            width = 2;
        }

        return category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            ? width
            : 0;
    }

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character == '_';

    private static bool IsNamePart(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$';
}
