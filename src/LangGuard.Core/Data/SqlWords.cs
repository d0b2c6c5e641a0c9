namespace LangGuard.Data;

/// <summary>The words of a text that a server may take for names, each with the sign behind it. Texts and comments are left out,
/// unless a backslash makes it doubtful where a text ends: then everything counts.</summary>
/// <remarks>On purpose simpler than the lexer, and without a part in common with it. A mistake here makes a word too many.</remarks>
internal ref struct SqlWords
{
    private readonly ReadOnlySpan<char> _text;
    private readonly bool _isMySql;
    private readonly bool _isDoubtful;
    private int _at;

    internal SqlWords(string text, SqlDialect dialect)
    {
        _text = text;
        _isMySql = dialect == SqlDialect.MySql;
        _isDoubtful = text.Contains('\\', StringComparison.Ordinal);
    }

    /// <summary>The word.</summary>
    internal ReadOnlySpan<char> Current { get; private set; }

    /// <summary>What <see cref="Follower"/> is where it may be anything.</summary>
    internal const char Anything = '?';

    /// <summary>The sign behind it, over blanks and comments; NUL at the end.</summary>
    internal char Follower { get; private set; }

    /// <summary>Whether the word is written in a way that hides what it is.</summary>
    internal bool IsUnclear { get; private set; }

    internal bool Next()
    {
        while (Skip())
        {
            var start = _at;
            var sign = _text[_at];
            if (IsPartOfWord(sign))
            {
                while (_at < _text.Length && IsPartOfWord(_text[_at]))
                {
                    _at++;
                }

                // MySQL runs /*!50000name ...*/ as it runs the name.
                Current = _isMySql ? _text[start.._at].TrimStart("0123456789") : _text[start.._at];

                // U&"..." spells a name by numbers.
                IsUnclear = !_isMySql && Current is "U" or "u" && Peek(0) == '&' && Peek(1) == '"';
                return Behind();
            }

            _at++;
            if (!_isDoubtful && sign == (_isMySql ? '`' : '"'))
            {
                Current = UpTo(sign);
                return Behind();
            }

            if (_isMySql && sign == '@' && Peek(0) == '@')
            {
                // A variable of the server.
                Current = "@@";
                IsUnclear = true;
                return true;
            }

            if ((sign == '\'' || (_isMySql && sign == '"')) && !_isDoubtful)
            {
                UpTo(sign);
            }
            else if (sign == '$' && !_isMySql && !_isDoubtful)
            {
                SkipDollars(start);
            }
        }

        return false;
    }

    private static bool IsPartOfWord(char sign) => char.IsLetterOrDigit(sign) || sign is '_' || sign >= '\u0080';

    private readonly char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool Behind()
    {
        Follower = Skip() ? _text[_at] : '\0';
        if (_isDoubtful && (Follower is '"' or '`' or '#' || (Follower == '-' && Peek(1) == '-') || (Follower == '/' && Peek(1) == '*')))
        {
            Follower = Anything;
        }

        return true;
    }

    /// <summary>What stands before the next of the same sign; what ends nowhere goes to the end.</summary>
    private ReadOnlySpan<char> UpTo(char sign)
    {
        var length = _text[_at..].IndexOf(sign);
        var part = length < 0 ? _text[_at..] : _text.Slice(_at, length);
        _at = length < 0 ? _text.Length : _at + length + 1;
        return part;
    }

    /// <summary>Goes over a text between two equal marks such as <c>$a$</c>. A sign that is part of a word opens none.</summary>
    private void SkipDollars(int start)
    {
        var length = _text[_at..].IndexOf('$');
        if (length < 0 || (start > 0 && (IsPartOfWord(_text[start - 1]) || _text[start - 1] == '$')) || (length > 0 && char.IsAsciiDigit(_text[_at])))
        {
            return;
        }

        foreach (var sign in _text.Slice(_at, length))
        {
            if (!IsPartOfWord(sign))
            {
                return;
            }
        }

        var mark = _text.Slice(start, length + 2);
        var end = _text[(start + mark.Length)..].IndexOf(mark);
        _at = end < 0 ? _text.Length : start + mark.Length + end + mark.Length;
    }

    /// <summary>Goes over blanks and comments.</summary>
    private bool Skip()
    {
        for (; _at < _text.Length; _at++)
        {
            var sign = _text[_at];
            if (char.IsWhiteSpace(sign) || char.IsControl(sign))
            {
                continue;
            }

            if (_isDoubtful || !SkipComment(sign))
            {
                return true;
            }
        }

        return false;
    }

    private bool SkipComment(char sign)
    {
        if ((sign == '-' && Peek(1) == '-' && (!_isMySql || Peek(2) <= ' ')) || (_isMySql && sign == '#'))
        {
            var length = _text[_at..].IndexOfAny('\n', _isMySql ? '\n' : '\r');
            _at = length < 0 ? _text.Length : _at + length;
            return true;
        }

        // MySQL runs what stands in some comments.
        if (sign != '/' || Peek(1) != '*' || (_isMySql && (Peek(2) is '!' or '+' || (Peek(2) == 'M' && Peek(3) == '!'))))
        {
            return false;
        }

        var depth = 1;
        for (_at += 2; _at < _text.Length && depth > 0; _at++)
        {
            if (_text[_at] == '*' && Peek(1) == '/')
            {
                depth--;
                _at++;
            }
            else if (_text[_at] == '/' && Peek(1) == '*' && !_isMySql)
            {
                depth++;
                _at++;
            }
        }

        _at--;
        return true;
    }
}
