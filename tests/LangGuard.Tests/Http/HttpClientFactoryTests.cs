using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace LangGuard.Tests.Http;

public sealed class HttpClientFactoryTests
{
    private const string Name = "orders";

    public interface IOrders
    {
        [Get("/v1/orders/{id}")]
        Task<Order> GetAsync(int id);

        [Delete("/v1/orders/{id}")]
        Task DeleteAsync(int id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Is_the_end_of_the_chain_whatever_the_order_of_registrations(bool guardFirst)
    {
        await using var server = await LoopbackServer.StartAsync(Answer);
        await using var services = Build(server, services =>
        {
            var client = services.AddHttpClient(Name);
            if (guardFirst)
            {
                client.AddLangGuard();
            }

            client.AddHttpMessageHandler(() => new RewritingHandler());
            if (!guardFirst)
            {
                client.AddLangGuard();
            }
        });
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));
        var client = session.CreateHttpClient(services.GetRequiredService<IHttpMessageHandlerFactory>(), Name);

        (await client.GetStringAsync($"http://api.test:{server.Port}/v1/orders/1")).Should().Contain("\"id\":1");

        // What a handler of the caller makes of a request is what is decided on.
        var rewritten = () => client.GetStringAsync($"http://api.test:{server.Port}/v1/orders/666");
        (await rewritten.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.endpoint");
        server.Requests.Should().NotContain(request => request.Contains("admin"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refuses_a_foreign_primary_handler(bool guardFirst)
    {
        await using var server = await LoopbackServer.StartAsync(Answer);
        await using var services = Build(server, services =>
        {
            var client = services.AddHttpClient(Name);
            _ = guardFirst ? client.AddLangGuard() : client;
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
            _ = guardFirst ? client : client.AddLangGuard();
        });

        var create = () => services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);

        create.Should().Throw<InvalidOperationException>().WithMessage("*'orders'*guard*");
    }

    [Fact]
    public async Task Sends_to_a_marked_test_double_only_what_is_granted()
    {
        await using var services = Build(null, services => services.AddHttpClient(Name)
            .AddLangGuard().UseUnguardedTransport(() => new Double()));
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));
        var client = session.CreateHttpClient(services.GetRequiredService<IHttpMessageHandlerFactory>(), Name);

        (await client.GetStringAsync("https://api.test/v1/orders/1")).Should().Be("double");
        await FluentActions.Awaiting(() => client.GetStringAsync("https://api.test/admin"))
            .Should().ThrowAsync<AccessDeniedException>();
    }

    [Fact]
    public async Task Denies_a_factory_client_without_a_session()
    {
        await using var server = await LoopbackServer.StartAsync(Answer);
        await using var services = Build(server, services => services.AddHttpClient(Name).AddLangGuard());
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);

        var get = () => client.GetStringAsync($"http://api.test:{server.Port}/v1/orders/1");

        (await get.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("session.missing");
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Denies_the_session_of_another_agent()
    {
        await using var server = await LoopbackServer.StartAsync(Answer);
        await using var services = Build(server, services =>
        {
            services.AddHttpClient(Name).AddLangGuard("narrow");
            services.AddLangGuard("narrow", _ => { });
        });
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));
        var client = session.CreateHttpClient(services.GetRequiredService<IHttpMessageHandlerFactory>(), Name);

        var get = () => client.GetStringAsync($"http://api.test:{server.Port}/v1/orders/1");

        (await get.Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("session.missing");
    }

    [Fact]
    public async Task Gives_typed_clients_the_session_of_their_scope()
    {
        await using var server = await LoopbackServer.StartAsync(Answer);
        await using var services = Build(server, services => services
            .AddHttpClient<TypedOrders>(client => client.BaseAddress = new Uri($"http://api.test:{server.Port}"))
            .AddLangGuard()
            .AddGuardedTypedClient<TypedOrders>());
        await using var alice = services.CreateAsyncScope();
        await using var nobody = services.CreateAsyncScope();
        alice.ServiceProvider.GetRequiredService<GuardSessionScope>().Begin(new Principal("alice"));

        (await alice.ServiceProvider.GetRequiredService<TypedOrders>().GetAsync(7))!.Id.Should().Be(7);

        FluentActions.Invoking(() => nobody.ServiceProvider.GetRequiredService<TypedOrders>())
            .Should().Throw<AccessDeniedException>("a scope without a principal has no session");
    }

    [Fact]
    public async Task Guards_Refit_clients()
    {
        await using var server = await LoopbackServer.StartAsync(Answer);
        await using var services = Build(server, services => services
            .AddHttpClient(Name, client => client.BaseAddress = new Uri($"http://api.test:{server.Port}"))
            .AddLangGuard()
            .AddGuardedTypedClient((client, _) => RestService.For<IOrders>(client)));
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<GuardSessionScope>().Begin(new Principal("alice"));
        var orders = scope.ServiceProvider.GetRequiredService<IOrders>();

        (await orders.GetAsync(9)).Id.Should().Be(9);
        var delete = () => orders.DeleteAsync(9);

        var denial = (await delete.Should().ThrowAsync<Exception>()).Which;
        Denial(denial)!.Decision.Reason!.Rule.Should().Be("http.method");
        server.Requests.Should().NotContain(request => request.StartsWith("DELETE"));
    }

    [Fact]
    public async Task Decides_on_every_retry_and_is_not_retried_when_it_denies()
    {
        var failures = 2;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            if (Interlocked.Decrement(ref failures) >= 0)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }

            return Answer(context);
        });
        var attempts = 0;
        await using var services = Build(server, services =>
        {
            var client = services.AddHttpClient(Name).AddLangGuard();
            client.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
            client.AddHttpMessageHandler(() => new CountingHandler(() => Interlocked.Increment(ref attempts)));
        });
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));
        var client = session.CreateHttpClient(services.GetRequiredService<IHttpMessageHandlerFactory>(), Name);

        (await client.GetFromJsonAsync<Order>($"http://api.test:{server.Port}/v1/orders/3"))!.Id.Should().Be(3);
        server.Requests.Should().HaveCount(3);
        attempts.Should().Be(3);

        attempts = 0;
        var denied = () => client.GetStringAsync($"http://api.test:{server.Port}/admin");
        await denied.Should().ThrowAsync<AccessDeniedException>();
        attempts.Should().Be(1);
    }

    private static AccessDeniedException? Denial(Exception? exception)
    {
        while (exception is not null and not AccessDeniedException)
        {
            exception = exception.InnerException;
        }

        return (AccessDeniedException?)exception;
    }

    private static ServiceProvider Build(LoopbackServer? server, Action<IServiceCollection> configure)
    {
        var port = server?.Port ?? 443;
        var origin = server is null ? "https://api.test" : $"http://api.test:{port}";
        var services = new ServiceCollection();
        services.AddLangGuard(guard => guard
            .LimitPermissions(allow => allow.Http($"GET {origin}/v1/orders/{{id:int}} private 127.0.0.0/8"))
            .DefendInDepth(defense => defense
                .UseAddressResolver(new FakeResolver().Add("api.test", "127.0.0.1"))
                .AllowUnguardedListener(port)));
        configure(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static Task Answer(HttpContext context)
    {
        var id = context.Request.Path.Value!.Split('/')[^1];
        return context.Response.WriteAsJsonAsync(new Order(int.TryParse(id, out var number) ? number : 0));
    }

    public sealed record Order(int Id);

    public sealed class TypedOrders(HttpClient client)
    {
        public Task<Order?> GetAsync(int id) => client.GetFromJsonAsync<Order>($"/v1/orders/{id}");
    }

    private sealed class RewritingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("666", StringComparison.Ordinal))
            {
                request.RequestUri = new Uri(request.RequestUri, "/admin");
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class CountingHandler(Action count) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Double : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("double") });
    }
}
