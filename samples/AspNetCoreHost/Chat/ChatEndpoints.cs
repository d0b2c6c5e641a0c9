using System.Security.Claims;
using LangGuard;
using LangGuard.AspNetCore;

namespace AspNetCoreHost.Chat;

/// <summary>Starting a conversation and talking in it.</summary>
internal static class ChatEndpoints
{
    internal static void MapChat(this WebApplication app)
    {
        app.MapPost("/conversations", (ClaimsPrincipal user, Conversations conversations) =>
            Results.Json(new { id = conversations.Start(PrincipalOf(user)).Id })).RequireAuthorization();

        app.MapPost("/conversations/{conversation}/messages", async (
            string conversation, ChatRequest request, ClaimsPrincipal user, Conversations conversations, ChatTurn turn, HttpContext context) =>
        {
            if (conversations.Find(conversation, PrincipalOf(user)) is not { } found)
            {
                return Results.NotFound();
            }

            context.Response.ContentType = "text/plain; charset=utf-8";
            await foreach (var part in turn.RunAsync(found, request.Text, context.RequestAborted))
            {
                await context.Response.WriteAsync(part, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            return Results.Empty;
        }).RequireAuthorization();
    }

    internal static Principal PrincipalOf(ClaimsPrincipal user) =>
        UserPrincipal.FromUser(user) ?? throw new BadHttpRequestException("The user has no name.");
}
