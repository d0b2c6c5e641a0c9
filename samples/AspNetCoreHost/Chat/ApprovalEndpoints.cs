using System.Security.Claims;
using LangGuard;

namespace AspNetCoreHost.Chat;

/// <summary>Approval requests of a tenant, for its approvers. Never answered in the chat, and never by whoever asks.</summary>
internal static class ApprovalEndpoints
{
    internal static void MapApprovals(this WebApplication app)
    {
        app.MapGet("/approvals", (ClaimsPrincipal user, Conversations conversations, IGuardSessionFactory sessions) =>
        {
            var approver = ChatEndpoints.PrincipalOf(user);
            return Results.Json(Of(approver, conversations, sessions, session => session.Approvals.Pending
                .Select(request => new { request.Id, Who = request.Principal.Id, request.Resource, Effects = request.Effects.ToString(), request.Expires })
                .ToArray()).SelectMany(requests => requests));
        }).RequireAuthorization("approver");

        app.MapPost("/approvals/{id}", (
            string id, ApprovalAnswer answer, ClaimsPrincipal user, Conversations conversations, IGuardSessionFactory sessions) =>
        {
            var approver = ChatEndpoints.PrincipalOf(user);
            var done = Of(approver, conversations, sessions, session =>
                answer.Approve ? session.Approvals.Approve(id) : session.Approvals.Reject(id)).Any(found => found);
            return done ? Results.Ok() : Results.NotFound();
        }).RequireAuthorization("approver");
    }

    /// <summary>Looks into the conversations of the approver's tenant, except the approver's own.</summary>
    private static IEnumerable<T> Of<T>(
        Principal approver, Conversations conversations, IGuardSessionFactory sessions, Func<GuardSession, T> look)
    {
        foreach (var conversation in conversations.OfTenant(approver.Tenant).Where(conversation => !conversation.Owner.IsSameAs(approver)))
        {
            using var session = sessions.Resume(conversation.Owner, conversation.Id, approver.Tenant!);
            yield return look(session);
        }
    }
}
