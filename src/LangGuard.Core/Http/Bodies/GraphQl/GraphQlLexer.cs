namespace LangGuard.Http;

/// <summary>Cuts a GraphQL document into tokens, each character once.</summary>
internal ref struct GraphQlLexer
{
    private const int MaxTokens = 10_000;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _tokens;

    public GraphQlLexer(ReadOnlySpan<char> text)
    {
        _text = text;
        Next();
    }

    public GraphQlTokenKind Kind { get; private set; }

    /// <summary>The text of the current name; for a punctuator its one character.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    public readonly bool Is(char punctuator) => Kind == GraphQlTokenKind.Punctuator && Text[0] == punctuator;

    public readonly bool IsName(ReadOnlySpan<char> name) => Kind == GraphQlTokenKind.Name && Text.SequenceEqual(name);

    public bool TryTake(char punctuator)
    {
        if (!Is(punctuator))
        {
            return false;
        }

        Next();
        return true;
    }

    public void Next()
    {
        Kind = ++_tokens > MaxTokens ? GraphQlTokenKind.Invalid : Read();
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private GraphQlTokenKind Read()
    {
        Text = default;
        if (!SkipIgnored())
        {
            return GraphQlTokenKind.Invalid;
        }

        if (_at == _text.Length)
        {
            return GraphQlTokenKind.End;
        }

        var start = _at;
        var c = _text[_at];
        switch (c)
        {
            case '!' or '$' or '&' or '(' or ')' or ':' or '=' or '@' or '[' or ']' or '{' or '|' or '}':
                Text = _text.Slice(_at++, 1);
                return GraphQlTokenKind.Punctuator;
            case '.':
                _at += 3;
                return _text[start..].StartsWith("...") ? GraphQlTokenKind.Spread : GraphQlTokenKind.Invalid;
            case '"':
                return _text[start..].StartsWith("\"\"\"") ? ReadBlockString() : ReadString();
            case '-' or (>= '0' and <= '9'):
                return ReadNumber();
            default:
                if (!IsNameStart(c))
                {
                    return GraphQlTokenKind.Invalid;
                }

                while (_at < _text.Length && IsNamePart(_text[_at]))
                {
                    _at++;
                }

                Text = _text[start.._at];
                return GraphQlTokenKind.Name;
        }
    }

    /// <summary>False where another reader might see the end of a comment, or a token, that is none.</summary>
    private bool SkipIgnored()
    {
        var inComment = false;
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c is '\n' or '\r')
            {
                inComment = false;
            }
            else if (inComment)
            {
                if ((char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029')
                {
                    return false;
                }
            }
            else if (c == '#')
            {
                inComment = true;
            }
            else if (c is not (' ' or '\t' or ','))
            {
                return true;
            }
        }

        return true;
    }

    private GraphQlTokenKind ReadString()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '"')
            {
                _at++;
                return GraphQlTokenKind.String;
            }

            if ((char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' || (c == '\\' && !TryEscape()))
            {
                return GraphQlTokenKind.Invalid;
            }
        }

        return GraphQlTokenKind.Invalid;
    }

    private bool TryEscape()
    {
        if (++_at == _text.Length)
        {
            return false;
        }

        if (_text[_at] is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't')
        {
            return true;
        }

        // The newer form \u{...} is not an escape for every reader.
        if (_text[_at] != 'u' || _at + 4 >= _text.Length)
        {
            return false;
        }

        for (var i = 1; i <= 4; i++)
        {
            if (!char.IsAsciiHexDigit(_text[_at + i]))
            {
                return false;
            }
        }

        _at += 4;
        return true;
    }

    private GraphQlTokenKind ReadBlockString()
    {
        for (_at += 3; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '\\' && _text[_at..].StartsWith("\\\"\"\""))
            {
                _at += 3;
            }
            else if (c == '"' && _text[_at..].StartsWith("\"\"\""))
            {
                _at += 3;
                return GraphQlTokenKind.String;
            }
            else if (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
            {
                return GraphQlTokenKind.Invalid;
            }
        }

        return GraphQlTokenKind.Invalid;
    }

    private GraphQlTokenKind ReadNumber()
    {
        var start = _at;
        while (_at < _text.Length && (IsNamePart(_text[_at]) || _text[_at] is '.' or '-' or '+'))
        {
            _at++;
        }

        return IsNumber(_text[start.._at]) ? GraphQlTokenKind.Number : GraphQlTokenKind.Invalid;
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        text = text.StartsWith('-') ? text[1..] : text;
        var digits = Digits(ref text);
        if (digits == 0 || text.Length > JsonNumber.MaxLength)
        {
            return false;
        }

        if (text.StartsWith('.'))
        {
            text = text[1..];
            if (Digits(ref text) == 0)
            {
                return false;
            }
        }

        if (!text.IsEmpty && text[0] is 'e' or 'E')
        {
            text = text[1..];
            text = !text.IsEmpty && text[0] is '+' or '-' ? text[1..] : text;
            if (Digits(ref text) == 0)
            {
                return false;
            }
        }

        return text.IsEmpty;
    }

    private static int Digits(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var count = end < 0 ? text.Length : end;
        text = text[count..];
        return count;
    }
}
