namespace LangGuard.Data;

/// <summary>Fields of rows in PostgreSQL.</summary>
internal ref partial struct SqlParser
{
    /// <summary><c>(t).name</c> and <c>(t).*</c>: the whole row of a table. The name may also be a function.</summary>
    private void ReadFieldOfRow()
    {
        var qualifier = _at + 1;
        _at += 4;
        if (Is(SqlTokenKind.Star) || IsName(Current))
        {
            AddReference(-1, qualifier, _at, isWholeRow: true);
            _hasStar |= Is(SqlTokenKind.Star);
            _hasRowStar |= Is(SqlTokenKind.Star);
            Advance();
        }
        else
        {
            Refuse("a column name");
        }
    }

    /// <summary><c>(f(x)).name</c>: only columns that the function is known to have; anything else may call a function.</summary>
    private void ReadFieldOfCall(int call)
    {
        if (Peek(1).Kind == SqlTokenKind.Star && _tokens[call].Kind == SqlTokenKind.Word)
        {
            _hasRowStar = true;
            Advance();
            Advance();
            return;
        }

        var columns = _tokens[call].Kind == SqlTokenKind.Word && _tokens[call + 1].Kind == SqlTokenKind.Open
            ? _language.ColumnsOf(NameOf(call))
            : null;
        Advance();
        if (columns is not null && IsName(Current) && Array.IndexOf(columns, NameOf(_at)) >= 0)
        {
            Advance();
            return;
        }

        Refuse("an operator", "A field of this value is not known.");
    }
}
