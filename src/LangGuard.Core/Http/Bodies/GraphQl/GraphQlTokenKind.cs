namespace LangGuard.Http;

/// <summary>The kinds of token of a GraphQL document.</summary>
internal enum GraphQlTokenKind
{
    End,
    Invalid,
    Punctuator,
    Spread,
    Name,
    Number,
    String,
}
