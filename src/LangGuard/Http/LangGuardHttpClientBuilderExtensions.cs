using System.Diagnostics.CodeAnalysis;
using LangGuard;
using LangGuard.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Guards clients of the HTTP client factory.</summary>
public static class LangGuardHttpClientBuilderExtensions
{
    /// <summary>Makes the guard the end of this client's handlers, whatever else is registered before or after. Handlers such
    /// as resilience and logging stay outside: each retry is decided again, and denials are not retried.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="agent">The agent whose sessions may use the client.</param>
    /// <remarks>Requests need a session: <c>session.CreateHttpClient(factory, name)</c>,
    /// <see cref="AddGuardedTypedClient{TClient}(IHttpClientBuilder)"/>, or a request boundary; without one they are denied.
    /// </remarks>
    public static IHttpClientBuilder AddLangGuard(this IHttpClientBuilder builder, string agent = PolicyBuilder.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(agent);
        builder.Services.Configure<GuardedClientOptions>(builder.Name, options =>
        {
            options.IsGuarded = true;
            options.Agent = agent;
        });
        if (!builder.Services.Any(service => service.ImplementationType == typeof(GuardPrimaryHandlerFilter)))
        {
            // First registered is outermost: nothing that other filters do comes after its check.
            builder.Services.Insert(
                0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, GuardPrimaryHandlerFilter>());
        }

        return builder;
    }

    /// <summary>Gives a typed client the session of the scope that it is resolved from.</summary>
    /// <typeparam name="TClient">A class with a constructor that takes an <see cref="HttpClient"/>.</typeparam>
    public static IHttpClientBuilder AddGuardedTypedClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(this IHttpClientBuilder builder)
        where TClient : class =>
        builder.AddGuardedTypedClient(
            (client, services) => services.GetRequiredService<ITypedHttpClientFactory<TClient>>().CreateClient(client));

    /// <summary>As <see cref="AddGuardedTypedClient{TClient}(IHttpClientBuilder)"/>, for clients that are made otherwise, such
    /// as <c>RestService.For&lt;T&gt;(client)</c>.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="create">Makes the typed client.</param>
    /// <typeparam name="TClient">The typed client.</typeparam>
    public static IHttpClientBuilder AddGuardedTypedClient<TClient>(
        this IHttpClientBuilder builder, Func<HttpClient, IServiceProvider, TClient> create)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        var name = builder.Name;

        // In place of what AddHttpClient<T> registered, which knows no scope.
        builder.Services.RemoveAll<TClient>();
        builder.Services.AddTransient(services => create(CreateClient(services, name), services));
        return builder;
    }

    /// <summary>Sends what the guard allows to a test double instead of the network. Rules, redirects and limits hold; there
    /// are no addresses to check.</summary>
    public static IHttpClientBuilder UseUnguardedTransport(this IHttpClientBuilder builder, Func<HttpMessageHandler> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.Configure<GuardedClientOptions>(builder.Name, options => options.UnguardedTransport = create);
        return builder;
    }

    private static HttpClient CreateClient(IServiceProvider services, string name)
    {
        var agent = services.GetRequiredService<IOptionsMonitor<GuardedClientOptions>>().Get(name);
        if (!agent.IsGuarded)
        {
            throw new InvalidOperationException($"The HTTP client '{name}' is not guarded. Call AddLangGuard on its builder.");
        }

        var session = services.GetRequiredKeyedService<GuardSession>(agent.Agent);
        var client = session.CreateHttpClient(services.GetRequiredService<IHttpMessageHandlerFactory>(), name);
        foreach (var configure in services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(name).HttpClientActions)
        {
            configure(client);
        }

        return client;
    }
}
