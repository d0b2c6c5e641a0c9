using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.Documentation;

/// <summary>What snippets may use without saying where it comes from.</summary>
#pragma warning disable CA1051, CA1515 // Snippets see them by the names that they are written with.
public abstract class SnippetGlobals
{
    protected WebApplication app = null!;
    protected WebApplicationBuilder builder = null!;
    protected IServiceCollection services = null!;
    protected IServiceProvider provider = null!;
    protected IConfiguration configuration = null!;
    protected IGuardSessionFactory sessions = null!;
    protected GuardSession session = null!;
    protected PolicyBuilder guard = null!;
    protected Policy policy = null!;
    protected IChatClient model = null!;
    protected AIFunction function = null!;
    protected string userId = null!;
    protected CancellationToken cancellationToken;
}
