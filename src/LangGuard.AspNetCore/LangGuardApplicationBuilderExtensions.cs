using LangGuard;
using LangGuard.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the request boundary.</summary>
public static class LangGuardApplicationBuilderExtensions
{
    /// <summary>Binds the guard sessions of each request to its user and conversation, and ends them with the request. Goes
    /// after authentication. Without it, or without a user, there is no session and everything is denied.</summary>
    /// <param name="app">The application.</param>
    /// <param name="configure">How user and conversation are read; null for the defaults.</param>
    /// <exception cref="InvalidOperationException"><c>AddLangGuard</c> was not called.</exception>
    public static IApplicationBuilder UseLangGuard(
        this IApplicationBuilder app, Action<RequestBoundaryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IGuardSessionFactory>() is null)
        {
            throw new InvalidOperationException("UseLangGuard needs services.AddLangGuard(...).");
        }

        var options = new RequestBoundaryOptions();
        configure?.Invoke(options);
        return app.UseMiddleware<RequestBoundary>(options);
    }
}
