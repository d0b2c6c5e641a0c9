using Microsoft.AspNetCore.Http;

namespace LangGuard.AspNetCore;

/// <summary>How the request boundary reads the user and the conversation from a request.</summary>
public sealed class RequestBoundaryOptions
{
    /// <summary>On whose behalf a request is; null for nobody, who is denied everything. Default: the authenticated user by
    /// <see cref="UserPrincipal.FromUser"/>, nobody when the request is not authenticated.</summary>
    public Func<HttpContext, Principal?> Principal { get; set; } = context => UserPrincipal.FromUser(context.User);

    /// <summary>The conversation of a request; null for a session that ends with the request. Default: none. The id may
    /// come from the client: only the principal that owns the conversation gets in.</summary>
    public Func<HttpContext, string?> ConversationId { get; set; } = _ => null;
}
