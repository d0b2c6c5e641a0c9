namespace LangGuard.Http;

/// <summary>Why a GraphQL request is refused.</summary>
internal static class GraphQlReasons
{
    internal static readonly Reason Request = new(
        "http.graphql-request",
        "The body is not one GraphQL request: an object with 'query', 'operationName' and 'variables', no list.",
        Retry.ChangeArguments);

    internal static readonly Reason Document = new(
        "http.graphql-document",
        "The GraphQL document does not parse, or uses directives or definitions that the rule does not grant.",
        Retry.ChangeArguments);

    internal static readonly Reason Operation = new(
        "http.graphql-operation", "A root field of the GraphQL document is not granted.", Retry.ChangeArguments);

    internal static readonly Reason Introspection = new(
        "http.graphql-introspection", "The GraphQL document asks for the schema, which the rule does not grant.",
        Retry.ChangeArguments);

    internal static readonly Reason Cost = new(
        "http.graphql-cost", "The GraphQL document is too deep, or has too many fields or aliases.",
        Retry.ChangeArguments);

    internal static readonly Reason Persisted = new(
        "http.graphql-persisted", "The stored GraphQL document that the request names is not granted.",
        Retry.ChangeArguments);

    internal static readonly Reason Url = new(
        "http.graphql-url", "Parts of the GraphQL request are in the URL, where the server may prefer them to the body.",
        Retry.ChangeArguments);
}
