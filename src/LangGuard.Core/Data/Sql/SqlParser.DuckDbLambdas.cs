namespace LangGuard.Data;

/// <summary>Functions of names, and lists made by them.</summary>
internal ref partial struct SqlParser
{
    private bool IsLambdaParameter(int token)
    {
        if (_lists.LambdaParameters.Count == 0)
        {
            return false;
        }

        Span<char> buffer = stackalloc char[SqlLanguage.MaxNameLength];
        Span<char> other = stackalloc char[SqlLanguage.MaxNameLength];
        var name = buffer[..CopyName(token, buffer)];
        foreach (var parameter in _lists.LambdaParameters)
        {
            if (name.SequenceEqual(other[..CopyName(parameter, other)]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>lambda x, i: x + i</c></summary>
    private void ReadLambda()
    {
        Enter();
        Advance();
        var parameters = _lists.LambdaParameters.Count;
        ReadLambdaParameters();
        Expect(SqlTokenKind.Colon, ":");
        ReadExpression();
        if (!IsFailed)
        {
            _lists.LambdaParameters.RemoveRange(parameters, _lists.LambdaParameters.Count - parameters);
        }

        Leave();
    }

    private void ReadLambdaParameters()
    {
        do
        {
            var at = _at;
            ReadName("the name of a parameter");
            if (!IsFailed)
            {
                _lists.LambdaParameters.Add(at);
            }

            if (_lists.LambdaParameters.Count > MaxLambdaParameters)
            {
                Refuse("fewer functions of names");
            }
        }
        while (Accept(SqlTokenKind.Comma));
    }

    /// <summary>Whether <c>(x, i) -></c> stands here.</summary>
    private readonly bool StartsArrow()
    {
        var offset = 1;
        while (IsName(Peek(offset)) && Peek(offset + 1).Kind == SqlTokenKind.Comma && offset < MaxLambdaParameters)
        {
            offset += 2;
        }

        return IsName(Peek(offset)) && Peek(offset + 1).Kind == SqlTokenKind.Close
            && Peek(offset + 2).Kind == SqlTokenKind.Operator && TextOf(Peek(offset + 2)) is "->";
    }

    /// <summary><c>(x, i) -> x + i</c>, which may also be a row of columns.</summary>
    private void ReadArrowParameters()
    {
        Advance();
        var first = _at;
        ReadLambdaParameters();
        Expect(SqlTokenKind.Close, ")");
        for (var at = first; at < _at && !IsFailed; at += 2)
        {
            AddChain(at, 1, isSatisfied: true);
        }
    }

    /// <summary><c>[a, b]</c> or <c>[x + 1 for x in list if x > 1]</c></summary>
    private void ReadDuckDbList()
    {
        Enter();
        Advance();
        if (!Is(SqlTokenKind.CloseBracket))
        {
            var pending = _lists.Pending.Count;
            ReadExpression();
            if (Accept(SqlKeyword.For))
            {
                ReadComprehension(pending);
            }
            else
            {
                while (Accept(SqlTokenKind.Comma) && !Is(SqlTokenKind.CloseBracket))
                {
                    ReadExpression();
                }
            }
        }

        Expect(SqlTokenKind.CloseBracket, "]");
        Leave();
    }

    private void ReadComprehension(int pending)
    {
        var parameters = _lists.LambdaParameters.Count;
        ReadLambdaParameters();
        for (var i = pending; i < _lists.Pending.Count && !IsFailed; i++)
        {
            var reference = _lists.Pending[i];
            if (reference.Star is null && IsLambdaParameter(reference.Name))
            {
                reference.IsSatisfied = true;
                _lists.Pending[i] = reference;
            }
        }

        Expect(SqlKeyword.In, "IN");
        ReadExpression();
        if (Accept(SqlKeyword.If))
        {
            ReadExpression();
        }

        if (!IsFailed)
        {
            _lists.LambdaParameters.RemoveRange(parameters, _lists.LambdaParameters.Count - parameters);
        }
    }
}
