namespace LangGuard.OpenApi;

/// <summary>The granted operations of a policy, in the order of their documents.</summary>
internal sealed class OpenApiGrants
{
    public List<OpenApiOperation> Operations { get; } = [];
}
