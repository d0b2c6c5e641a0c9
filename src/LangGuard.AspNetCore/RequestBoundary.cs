using LangGuard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.AspNetCore;

/// <summary>Binds the sessions of one request to its user and conversation, and ends them with the request.</summary>
internal sealed class RequestBoundary(RequestDelegate next, RequestBoundaryOptions options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var principal = options.Principal(context);
        if (principal is null)
        {
            // Nobody: there is no session, so everything is denied, also with one of another request. The request itself may need none.
            using (AmbientSession.Enter())
            {
                await next(context).ConfigureAwait(false);
            }

            return;
        }

        var scope = context.RequestServices.GetRequiredService<GuardSessionScope>();
        var boundary = AmbientSession.Enter(scope.Session);
        try
        {
            scope.Begin(principal, options.ConversationId(context), boundary);
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            // Work that outlives the request still carries the box; it must find it empty and its sessions ended.
            boundary.Dispose();
            scope.Dispose();
        }
    }
}
