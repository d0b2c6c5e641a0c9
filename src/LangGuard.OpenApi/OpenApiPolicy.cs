using LangGuard.OpenApi;

namespace LangGuard;

/// <summary>What OpenAPI documents add to a policy.</summary>
public static class OpenApiPolicy
{
    extension(Policy policy)
    {
        /// <summary>The operations of OpenAPI documents that the policy grants, for tools that show a model only those.</summary>
        public IReadOnlyList<OpenApiOperation> OpenApiOperations
        {
            get
            {
                ArgumentNullException.ThrowIfNull(policy);
                return policy.Dependencies.Get<OpenApiGrants>()?.Operations ?? [];
            }
        }
    }
}
