namespace LangGuard.Http;

/// <summary>An operation or a fragment of a document.</summary>
/// <param name="Kind"><c>query</c>, <c>mutation</c>, <c>subscription</c> or <c>fragment</c>.</param>
/// <param name="Name">Its name, or null.</param>
/// <param name="Selections">Every selection in it, each before those inside it; the first is its own.</param>
internal sealed record GraphQlDefinition(string Kind, string? Name, List<GraphQlSelection> Selections)
{
    public GraphQlSelection Root => Selections[0];
}
