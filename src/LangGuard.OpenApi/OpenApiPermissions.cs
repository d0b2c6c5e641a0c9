using LangGuard.OpenApi;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>Permissions from OpenAPI documents.</summary>
public static class OpenApiPermissions
{
    extension(PermissionsBuilder permissions)
    {
        /// <summary>Grants operations of a pinned OpenAPI document: each becomes an endpoint rule with typed path slots, listed
        /// query keys and headers, and a body rule from its schema. What the document says beyond the granted operations has
        /// no effect, and its servers are never used.</summary>
        /// <param name="name">A name for the document; unique.</param>
        /// <param name="file">The document, as JSON.</param>
        /// <param name="sha256">The SHA-256 of the file in hex. A document that has changed is an error.</param>
        /// <param name="configure">Which operations, and where the server is.</param>
        public PermissionsBuilder OpenApi(string name, string file, string sha256, Action<OpenApiGrantBuilder> configure)
        {
            ArgumentNullException.ThrowIfNull(permissions);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            ArgumentException.ThrowIfNullOrWhiteSpace(file);
            ArgumentNullException.ThrowIfNull(sha256);
            ArgumentNullException.ThrowIfNull(configure);
            var policy = permissions.Policy;
            var errors = new OpenApiErrors(policy.Errors, name);
            var grants = policy.Collect<OpenApiGrants>();
            if (grants.Operations.Exists(operation => operation.Document == name))
            {
                errors.Add("Name", "The name is given twice.", "Use another name, or keep one.");
                return permissions;
            }

            var grant = new OpenApiGrantBuilder();
            configure(grant);

            // An agent that could change it would make the next start fail, or grant itself another document.
            policy.Collect<ProtectedPaths>().Add(file);
            if (OpenApiFile.Read(file, sha256, errors) is { } document)
            {
                new OpenApiImport(name, grant, errors).Run(document, policy.Options.LimitPermissions.Http, grants);
            }

            return permissions;
        }
    }
}
