namespace LangGuard.DependencyInjection;

/// <summary>The root service provider, which must never hand out a session: it would outlive every request.</summary>
internal sealed class RootServices(IServiceProvider root)
{
    internal void ThrowIfRoot(IServiceProvider services)
    {
        if (ReferenceEquals(services, root))
        {
            throw new InvalidOperationException(
                "A GuardSession can not be resolved from the root service provider: a singleton would keep one user's "
                + "session for everybody. Resolve it in a request or scope, or use IGuardSessionFactory.");
        }
    }
}
