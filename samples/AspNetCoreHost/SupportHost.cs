using AspNetCoreHost.Chat;
using AspNetCoreHost.Desk;
using AspNetCoreHost.Security;
using LangGuard;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace AspNetCoreHost;

/// <summary>The host: authentication, one agent for each tenant, the request boundary, the endpoints.</summary>
internal static class SupportHost
{
    internal static WebApplication Create(DeskWorld desk, Users users, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton(users);
        builder.Services.AddSingleton<Conversations>();
        builder.Services.AddScoped<ChatTurn>();
        // Nothing here is kept beyond the process, so no keys are written to disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication(ApiKeyHandler.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme, null);
        builder.Services.AddAuthorization(options => options.AddPolicy(
            "approver", policy => policy.RequireAuthenticatedUser().RequireClaim("role", "approver")));
        foreach (var tenant in Users.Tenants)
        {
            builder.Services.AddLangGuard(tenant, guard => DeskPolicy.Configure(guard, tenant, desk));
        }

        var app = builder.Build();
        app.Use(DenialsAsStatus);
        app.UseAuthentication();
        app.UseAuthorization();
        // After authentication: whoever was authenticated is the principal, and the route says which conversation.
        app.UseLangGuard(options => options.ConversationId = context => context.GetRouteValue("conversation") as string);
        app.MapChat();
        app.MapApprovals();
        return app;
    }

    /// <summary>A denial outside a tool, such as another user's conversation, is a 403 and nothing more.</summary>
    private static async Task DenialsAsStatus(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (exception is IAccessDenied && !context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    }
}
