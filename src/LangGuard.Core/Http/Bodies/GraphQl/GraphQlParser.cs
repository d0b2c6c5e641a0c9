namespace LangGuard.Http;

/// <summary>
/// Reads an executable GraphQL document without recursion. Only what the rules need is kept: operations, fragments, field
/// names. Anything that is not the plain language (type definitions, unknown directives) is refused.
/// </summary>
internal ref struct GraphQlParser
{
    private const int MaxDirectives = 64;
    private const int MaxNesting = 256;

    private GraphQlLexer _lexer;
    private int _directives;

    private GraphQlParser(ReadOnlySpan<char> document) => _lexer = new GraphQlLexer(document);

    /// <summary>The definitions of a document, or null when it has no meaning.</summary>
    public static List<GraphQlDefinition>? TryParse(ReadOnlySpan<char> document)
    {
        var parser = new GraphQlParser(document);
        var definitions = new List<GraphQlDefinition>();
        while (parser._lexer.Kind != GraphQlTokenKind.End)
        {
            if (parser.ReadDefinition() is not { } definition)
            {
                return null;
            }

            definitions.Add(definition);
        }

        return definitions;
    }

    private GraphQlDefinition? ReadDefinition()
    {
        var selections = new List<GraphQlSelection>();
        if (_lexer.Is('{'))
        {
            return TrySelections(selections) ? new GraphQlDefinition("query", null, selections) : null;
        }

        if (_lexer.Kind != GraphQlTokenKind.Name
            || _lexer.Text is not ("query" or "mutation" or "subscription" or "fragment"))
        {
            return null;
        }

        var kind = _lexer.Text.ToString();
        _lexer.Next();
        string? name = null;
        if (_lexer.Kind == GraphQlTokenKind.Name)
        {
            name = _lexer.Text.ToString();
            _lexer.Next();
        }

        if (kind == "fragment")
        {
            if (name is null or "on" || !TryName("on") || !TryAnyName())
            {
                return null;
            }
        }
        else if (_lexer.Is('(') && !TryVariables())
        {
            return null;
        }

        return TryDirectives() && TrySelections(selections) ? new GraphQlDefinition(kind, name, selections) : null;
    }

    private bool TryName(ReadOnlySpan<char> name)
    {
        if (!_lexer.IsName(name))
        {
            return false;
        }

        _lexer.Next();
        return true;
    }

    private bool TryAnyName()
    {
        if (_lexer.Kind != GraphQlTokenKind.Name)
        {
            return false;
        }

        _lexer.Next();
        return true;
    }

    private bool TryVariables()
    {
        _lexer.Next();
        do
        {
            if (!_lexer.TryTake('$') || !TryAnyName() || !_lexer.TryTake(':') || !TryType()
                || (_lexer.TryTake('=') && !TryValue()) || !TryDirectives())
            {
                return false;
            }
        }
        while (!_lexer.Is(')'));
        _lexer.Next();
        return true;
    }

    private bool TryType()
    {
        var lists = 0;
        while (_lexer.TryTake('['))
        {
            lists++;
        }

        if (!TryAnyName())
        {
            return false;
        }

        _lexer.TryTake('!');
        for (; lists > 0; lists--)
        {
            if (!_lexer.TryTake(']'))
            {
                return false;
            }

            _lexer.TryTake('!');
        }

        return true;
    }

    private bool TryDirectives()
    {
        while (_lexer.TryTake('@'))
        {
            // Other directives can do anything the server likes: stream, export, cache.
            if (++_directives > MaxDirectives || !(_lexer.IsName("include") || _lexer.IsName("skip")))
            {
                return false;
            }

            _lexer.Next();
            if (!TryArguments())
            {
                return false;
            }
        }

        return true;
    }

    private bool TryArguments()
    {
        if (!_lexer.TryTake('('))
        {
            return true;
        }

        do
        {
            if (!TryAnyName() || !_lexer.TryTake(':') || !TryValue())
            {
                return false;
            }
        }
        while (!_lexer.Is(')'));
        _lexer.Next();
        return true;
    }

    /// <summary>One value; lists and objects are open brackets on a stack.</summary>
    private bool TryValue()
    {
        var open = new Stack<char>();
        do
        {
            if (open.TryPeek(out var bracket))
            {
                if (_lexer.TryTake(bracket == '[' ? ']' : '}'))
                {
                    open.Pop();
                    continue;
                }

                if (bracket == '{' && (!TryAnyName() || !_lexer.TryTake(':')))
                {
                    return false;
                }
            }

            if (_lexer.Is('[') || _lexer.Is('{'))
            {
                open.Push(_lexer.Text[0]);
                _lexer.Next();
                if (open.Count > MaxNesting)
                {
                    return false;
                }
            }
            else if (_lexer.TryTake('$'))
            {
                if (!TryAnyName())
                {
                    return false;
                }
            }
            else if (_lexer.Kind is GraphQlTokenKind.Name or GraphQlTokenKind.Number or GraphQlTokenKind.String)
            {
                _lexer.Next();
            }
            else
            {
                return false;
            }
        }
        while (open.Count > 0);
        return true;
    }

    private bool TrySelections(List<GraphQlSelection> selections)
    {
        if (!_lexer.TryTake('{'))
        {
            return false;
        }

        var open = new Stack<GraphQlSelection>();
        open.Push(Add(selections));
        while (open.TryPeek(out var current))
        {
            if (_lexer.TryTake('}'))
            {
                if (current.IsEmpty)
                {
                    return false;
                }

                open.Pop();
            }
            else if (!(_lexer.Kind == GraphQlTokenKind.Spread ? TrySpread(current, selections, open) : TryField(current, selections, open))
                || open.Count > MaxNesting)
            {
                return false;
            }
        }

        return true;
    }

    private static GraphQlSelection Add(List<GraphQlSelection> selections)
    {
        var selection = new GraphQlSelection();
        selections.Add(selection);
        return selection;
    }

    private bool TryField(GraphQlSelection current, List<GraphQlSelection> selections, Stack<GraphQlSelection> open)
    {
        if (_lexer.Kind != GraphQlTokenKind.Name)
        {
            return false;
        }

        var name = _lexer.Text.ToString();
        _lexer.Next();
        var isAliased = _lexer.TryTake(':');
        if (isAliased)
        {
            if (_lexer.Kind != GraphQlTokenKind.Name)
            {
                return false;
            }

            name = _lexer.Text.ToString();
            _lexer.Next();
        }

        if (!TryArguments() || !TryDirectives())
        {
            return false;
        }

        GraphQlSelection? fields = null;
        if (_lexer.TryTake('{'))
        {
            fields = Add(selections);
            open.Push(fields);
        }

        current.Fields.Add((name, isAliased, fields));
        return true;
    }

    private bool TrySpread(GraphQlSelection current, List<GraphQlSelection> selections, Stack<GraphQlSelection> open)
    {
        _lexer.Next();
        if (_lexer.Kind == GraphQlTokenKind.Name && !_lexer.IsName("on"))
        {
            current.Spreads.Add(_lexer.Text.ToString());
            _lexer.Next();
            return TryDirectives();
        }

        if ((TryName("on") && !TryAnyName()) || !TryDirectives() || !_lexer.TryTake('{'))
        {
            return false;
        }

        var inline = Add(selections);
        current.Inline.Add(inline);
        open.Push(inline);
        return true;
    }
}
