using System.Text;

namespace LangGuard.Data;

/// <summary>Reads one statement by recursive descent and collects what it does.</summary>
/// <remarks>
/// The first refusal stands: it moves the reader to the end of the text, where nothing matches, so that every method
/// unwinds. Recursion is bounded by <see cref="MaxDepth"/>, lists by the number of tokens.
/// </remarks>
internal ref partial struct SqlParser
{
    internal const int MaxDepth = 100;

    /// <summary>Tables and queries in one statement.</summary>
    private const int MaxRelations = 256;

    /// <summary>Columns of one result list.</summary>
    private const int MaxColumns = 2_000;

    private readonly ReadOnlySpan<char> _text;
    private readonly ReadOnlySpan<SqlToken> _tokens;
    private readonly SqlLanguage _language;
    private readonly SqlSchema _schema;
    private readonly SqlParserLists _lists;
    private int _at;
    private int _depth;
    private int _level;
    private int _relationCount;
    private int _referenceCount;
    private SqlAliasRule _aliasRule;
    private bool _locks;
    private bool _hasStar;
    private bool _hasRowStar;
    private bool _hasWhere;
    private bool _returnsRows;
    private bool _hasLimit;
    private bool _resultIsOpaque;
    private int _resultColumns;
    private bool _keepReturning;
    private bool _allowDefault;

    /// <summary>Whether the value that was read may stand for several columns.</summary>
    private bool _spreads;

    /// <summary>How many calls there are around, where lambda functions may stand.</summary>
    private int _callDepth;

    /// <summary>The largest value that the expression being read makes, and all that the statement makes.</summary>
    private long _size;
    private long _sizes;

    /// <summary>How often something is repeated that has a name.</summary>
    private long _factor;

    /// <summary>The function in FROM that is being read: its rows come one by one.</summary>
    private int _rowSource;
    /// <summary>What the expressions of the query being read join, and what its tables have grown by already.</summary>
    private long _joined;
    private long _sources;

    /// <summary>How many expressions of the query are being read, one in another.</summary>
    private int _expressions;

    /// <summary>What the last whole expression joined.</summary>
    private long _lastJoined;

    /// <summary>Where the names begin that the query has given so far.</summary>
    private int _firstName;
    private SqlRefusal? _refusal;

    /// <summary>The table of INSERT whose new values <c>VALUES(column)</c> means, or null.</summary>
    private SqlTableUse? _duplicateTarget;

    /// <summary>The name of WITH whose columns the next query's first arm gives.</summary>
    private SqlCommonTable? _recursiveTable;

    private SqlParser(ReadOnlySpan<char> text, ReadOnlySpan<SqlToken> tokens, SqlLanguage language, SqlSchema schema)
    {
        _text = text;
        _tokens = tokens;
        _language = language;
        _schema = schema;
        _lists = new SqlParserLists();
        _level = -1;
        (_size, _factor, _rowSource) = (1, 1, -1);
        (_joined, _sources, _lastJoined) = (1, 1, 1);
        _hasWhere = true;
    }

    private readonly SqlToken Current => _tokens[_at];

    private readonly SqlTokenKind Kind => _tokens[_at].Kind;

    private readonly SqlKeyword Keyword => _tokens[_at].Keyword;

    private readonly bool IsFailed => _refusal is not null;

    private readonly SqlToken Peek(int offset) => _tokens[Math.Min(_at + offset, _tokens.Length - 1)];

    private void Advance()
    {
        if (_at < _tokens.Length - 1)
        {
            _at++;
        }
    }

    private readonly bool Is(SqlKeyword keyword) => _tokens[_at].Keyword == keyword;

    private readonly bool Is(SqlTokenKind kind) => _tokens[_at].Kind == kind;

    private bool Accept(SqlKeyword keyword)
    {
        if (!Is(keyword))
        {
            return false;
        }

        Advance();
        return true;
    }

    private bool Accept(SqlTokenKind kind)
    {
        if (!Is(kind) || kind == SqlTokenKind.End)
        {
            return false;
        }

        Advance();
        return true;
    }

    private void Expect(SqlKeyword keyword, string expected)
    {
        if (!Accept(keyword))
        {
            Refuse(expected);
        }
    }

    private void Expect(SqlTokenKind kind, string expected)
    {
        if (!Accept(kind))
        {
            Refuse(expected);
        }
    }

    /// <summary>Refuses at the current token.</summary>
    private void Refuse(string expected, string? message = null) => RefuseAt(Current.Start, expected, message);

    private void RefuseAt(int position, string expected, string? message = null)
    {
        _refusal ??= new SqlRefusal(position, expected, message ?? $"Expected {expected}.");
        _at = _tokens.Length - 1;
    }

    /// <summary>Enters a nested part. Every way in has its <see cref="Leave"/>.</summary>
    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            Refuse("a simpler statement", "The statement is nested too deeply.");
        }
    }

    private void Leave() => _depth--;

    private readonly ReadOnlySpan<char> TextOf(in SqlToken token) => _text[token.Start..token.End];

    private readonly bool IsWord(in SqlToken token, string word) =>
        token.Kind == SqlTokenKind.Word && TextOf(token).Equals(word, StringComparison.OrdinalIgnoreCase);

    private bool AcceptWord(string word)
    {
        if (!IsWord(Current, word))
        {
            return false;
        }

        Advance();
        return true;
    }

    /// <summary>Whether a token can be a name without being mistaken for a clause.</summary>
    private readonly bool IsName(in SqlToken token) =>
        token.Kind == SqlTokenKind.QuotedName
        || (token.Kind == SqlTokenKind.Word
            && (token.Keyword == SqlKeyword.None || !_language.IsReserved(token.Keyword)));

    /// <summary>The name that a token spells, as the engine keeps it.</summary>
    private string NameOf(int index)
    {
        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        return new string(buffer[..CopyName(index, buffer)]);
    }

    /// <summary>The same without a string.</summary>
    /// <returns>The length of the name; 0 after a refusal.</returns>
    private int CopyName(int index, scoped Span<char> buffer)
    {
        ref readonly var token = ref _tokens[index];
        var text = TextOf(token);
        var length = 0;
        var quote = '\0';
        if (token.Kind is SqlTokenKind.QuotedName or SqlTokenKind.Text)
        {
            quote = text[0];
            text = text[1..^1];
        }

        foreach (var run in new DoubledQuotes(text, quote))
        {
            if (length + run.Length > buffer.Length)
            {
                RefuseAt(token.Start, "a shorter name", "The name is too long.");
                return 0;
            }

            run.CopyTo(buffer[length..]);
            length += run.Length;
        }

        var name = buffer[..length];
        if (quote == '\0' || _language.FoldsQuotedNames)
        {
            SqlNames.FoldInPlace(name);
        }

        // Some engines cut long names, so that two spellings would mean the same.
        if (length * 3 > _language.MaxNameBytes && Encoding.UTF8.GetByteCount(name) > _language.MaxNameBytes)
        {
            RefuseAt(token.Start, "a shorter name", "The name is too long.");
            return 0;
        }

        return length;
    }

    /// <summary>The pieces of a quoted name between doubled quotes, each with one quote at its end but the last.</summary>
    private ref struct DoubledQuotes(ReadOnlySpan<char> text, char quote)
    {
        private ReadOnlySpan<char> _rest = text;
        private bool _isDone;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly DoubledQuotes GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_isDone)
            {
                return false;
            }

            var next = quote is '\0' or '[' ? -1 : _rest.IndexOf(quote);
            if (next < 0)
            {
                Current = _rest;
                _isDone = true;
                return true;
            }

            Current = _rest[..(next + 1)];
            _rest = _rest[(next + 2)..];
            return true;
        }
    }
}
