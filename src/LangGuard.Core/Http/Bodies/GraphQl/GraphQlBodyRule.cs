namespace LangGuard.Http;

/// <summary>Grants GraphQL requests by their root fields.</summary>
internal sealed class GraphQlBodyRule(GraphQlRule rule) : InspectedBodyRule
{
    private static readonly string[] Keys =
        ["query", "operationName", "variables", "extensions", "documentId", "id", "queryId", "doc_id", "mutation", "batch"];

    protected override bool NeedsBody => true;

    /// <summary>Some servers prefer the document in the URL to the one in the body.</summary>
    protected override Reason? CheckUrl(ReadOnlySpan<char> query)
    {
        foreach (var range in query.SplitAny('&', ';'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var key = equals < 0 ? pair : pair[..equals];
            if (key.ContainsAny('%', '+', '['))
            {
                return GraphQlReasons.Url;
            }

            foreach (var name in Keys)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return GraphQlReasons.Url;
                }
            }
        }

        return null;
    }

    protected override bool Accepts(in BodyContentType type) =>
        type.Is("application/json") && !type.HasOtherParameters && type.Boundary.IsEmpty;

    protected override Reason? CheckContent(in BodyContentType type, ReadOnlySpan<byte> body) =>
        GraphQlRequestReader.Check(rule, body);
}
