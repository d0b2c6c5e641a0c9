namespace LangGuard.Http;

/// <summary>
/// Judges a parsed document: every operation in it, whichever the server picks, with fragments in place. Each fragment is
/// measured once, so that fragments that double each other cost nothing here.
/// </summary>
internal sealed class GraphQlAnalysis
{
    private const long Many = 1_000_000_000;

    private readonly GraphQlRule _rule;
    private readonly List<GraphQlDefinition> _definitions;
    private readonly Dictionary<string, GraphQlDefinition> _fragments = new(StringComparer.Ordinal);

    private GraphQlAnalysis(GraphQlRule rule, List<GraphQlDefinition> definitions)
    {
        _rule = rule;
        _definitions = definitions;
    }

    /// <summary>Null when the document is granted.</summary>
    public static Reason? Check(GraphQlRule rule, ReadOnlySpan<char> document, string? operationName)
    {
        if (GraphQlParser.TryParse(document) is not { } definitions)
        {
            return GraphQlReasons.Document;
        }

        var analysis = new GraphQlAnalysis(rule, definitions);
        return analysis.CheckNames(operationName) ?? analysis.CheckFields() ?? analysis.Measure();
    }

    private IEnumerable<GraphQlDefinition> Operations => _definitions.Where(d => d.Kind != "fragment");

    private Reason? CheckNames(string? operationName)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var operations = 0;
        var hasAnonymous = false;
        foreach (var definition in _definitions)
        {
            if (definition.Kind == "fragment")
            {
                if (!_fragments.TryAdd(definition.Name!, definition))
                {
                    return GraphQlReasons.Document;
                }
            }
            else
            {
                operations++;
                hasAnonymous |= definition.Name is null;
                if (definition.Name is not null && !names.Add(definition.Name))
                {
                    return GraphQlReasons.Document;
                }
            }
        }

        if (operations == 0 || (hasAnonymous && operations > 1))
        {
            return GraphQlReasons.Document;
        }

        return string.IsNullOrEmpty(operationName)
            ? operations == 1 ? null : GraphQlReasons.Document
            : names.Contains(operationName) ? null : GraphQlReasons.Document;
    }

    private Reason? CheckFields()
    {
        foreach (var selection in _definitions.SelectMany(d => d.Selections))
        {
            foreach (var spread in selection.Spreads)
            {
                if (!_fragments.ContainsKey(spread))
                {
                    return GraphQlReasons.Document;
                }
            }

            foreach (var (name, _, _) in selection.Fields)
            {
                if (name.StartsWith("__", StringComparison.Ordinal) && name != "__typename"
                    && !(_rule.AllowsIntrospection && name is "__schema" or "__type"))
                {
                    return GraphQlReasons.Introspection;
                }
            }
        }

        foreach (var operation in Operations)
        {
            if (!RootFields(operation).All(field => _rule.Grants(operation.Kind, field)))
            {
                return GraphQlReasons.Operation;
            }
        }

        return null;
    }

    /// <summary>The fields that run at the root, also those behind fragments and type conditions.</summary>
    private IEnumerable<string> RootFields(GraphQlDefinition operation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<GraphQlSelection>([operation.Root]);
        while (left.TryPop(out var selection))
        {
            foreach (var (name, _, _) in selection.Fields)
            {
                yield return name;
            }

            foreach (var inline in selection.Inline)
            {
                left.Push(inline);
            }

            foreach (var spread in selection.Spreads)
            {
                if (seen.Add(spread))
                {
                    left.Push(_fragments[spread].Root);
                }
            }
        }
    }

    private Reason? Measure()
    {
        if (FragmentsInnermostFirst() is not { } fragments)
        {
            return GraphQlReasons.Document;
        }

        foreach (var definition in fragments.Concat(Operations))
        {
            // Selections come after the one they are in, so that backwards every part is measured before its whole.
            for (var i = definition.Selections.Count - 1; i >= 0; i--)
            {
                Measure(definition.Selections[i]);
            }

            var root = definition.Root;
            if (root.Depth > _rule.MaxDepth || root.FieldCount > _rule.MaxFields || root.AliasCount > _rule.MaxAliases)
            {
                return GraphQlReasons.Cost;
            }
        }

        return null;
    }

    private void Measure(GraphQlSelection selection)
    {
        foreach (var (_, isAliased, fields) in selection.Fields)
        {
            selection.Depth = Math.Max(selection.Depth, 1 + (fields?.Depth ?? 0));
            selection.FieldCount = Math.Min(Many, selection.FieldCount + 1 + (fields?.FieldCount ?? 0));
            selection.AliasCount = Math.Min(Many, selection.AliasCount + (isAliased ? 1 : 0) + (fields?.AliasCount ?? 0));
        }

        foreach (var part in selection.Inline.Concat(selection.Spreads.Select(spread => _fragments[spread].Root)))
        {
            selection.Depth = Math.Max(selection.Depth, part.Depth);
            selection.FieldCount = Math.Min(Many, selection.FieldCount + part.FieldCount);
            selection.AliasCount = Math.Min(Many, selection.AliasCount + part.AliasCount);
        }
    }

    /// <summary>Fragments, each after those it spreads. Null when they spread each other in a circle.</summary>
    private List<GraphQlDefinition>? FragmentsInnermostFirst()
    {
        var order = new List<GraphQlDefinition>();
        var isDone = new Dictionary<string, bool>(StringComparer.Ordinal);
        var work = new Stack<(GraphQlDefinition Fragment, IEnumerator<string> Spreads)>();
        foreach (var start in _fragments.Values)
        {
            if (!isDone.TryAdd(start.Name!, false))
            {
                continue;
            }

            work.Push((start, SpreadsOf(start)));
            while (work.TryPeek(out var top))
            {
                if (!top.Spreads.MoveNext())
                {
                    isDone[top.Fragment.Name!] = true;
                    order.Add(top.Fragment);
                    work.Pop();
                    continue;
                }

                var next = _fragments[top.Spreads.Current];
                if (isDone.TryAdd(next.Name!, false))
                {
                    work.Push((next, SpreadsOf(next)));
                }
                else if (!isDone[next.Name!])
                {
                    return null;
                }
            }
        }

        return order;
    }

    private static IEnumerator<string> SpreadsOf(GraphQlDefinition definition) =>
        definition.Selections.SelectMany(selection => selection.Spreads).Distinct(StringComparer.Ordinal).GetEnumerator();
}
