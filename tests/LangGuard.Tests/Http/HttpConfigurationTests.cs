using System.Collections.Concurrent;
using LangGuard.Http;
using LangGuard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.Http;

/// <summary>Endpoints, credentials and the proxy from configuration and from services of the host.</summary>
public sealed class HttpConfigurationTests
{
    private const string Secret = "s3cret-of-the-host-0123456789";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attaches_secrets_of_the_configuration_or_of_the_host_s_broker(bool hasBroker)
    {
        await using var server = await LoopbackServer.StartAsync(
            context => context.Response.WriteAsync($"got {context.Request.Headers.Authorization}"));
        var broker = new Vault();
        await using var services = Build(server.Port, null, services => _ = hasBroker ? services.AddSingleton<ICredentialBroker>(broker) : services);
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));

        var answer = await session.HttpClient.GetStringAsync($"http://api.test:{server.Port}/v1/x");

        answer.Should().StartWith("got Bearer ").And.NotContain(Secret).And.NotContain(Vault.Own, "what a server echoes is scrubbed");
        broker.Asked.Should().HaveCount(hasBroker ? 1 : 0);
        if (hasBroker)
        {
            var (key, isWrite, host, principal) = broker.Asked.Single();
            (key, isWrite, host, principal).Should().Be(("Secrets:Orders", false, "api.test", "alice"));
        }
    }

    [Fact]
    public async Task A_missing_secret_denies()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var services = Build(server.Port, null, services => services.AddSingleton<ICredentialBroker>(new Vault { IsEmpty = true }));
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));

        (await FluentActions.Awaiting(() => session.HttpClient.GetStringAsync($"http://api.test:{server.Port}/v1/x"))
            .Should().ThrowAsync<AccessDeniedException>()).Which.Decision.Reason!.Rule.Should().Be("http.credential");
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Sends_everything_through_the_proxy_of_the_configuration()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("direct"));
        await using var proxy = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("proxy"));
        await using var services = Build(server.Port, $"http://127.0.0.1:{proxy.Port}", _ => { });
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice"));

        (await session.HttpClient.GetStringAsync($"http://api.test:{server.Port}/v1/x")).Should().Be("proxy");
        proxy.Requests.Single().Should().Contain($"http://api.test:{server.Port}/v1/x");
        server.Requests.Should().BeEmpty();

        await proxy.DisposeAsync();
        session.AddUserMessage("Get y");
        await FluentActions.Awaiting(() => session.HttpClient.GetStringAsync($"http://api.test:{server.Port}/v1/y"))
            .Should().ThrowAsync<HttpRequestException>("without the proxy nothing is sent");
        server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("proxy.internal:3128")]
    [InlineData("socks5://proxy.internal:1080")]
    [InlineData("http://proxy.internal:3128/path")]
    [InlineData("")]
    public void A_proxy_that_is_none_is_an_error(string proxy)
    {
        using var services = Build(80, proxy, _ => { });

        FluentActions.Invoking(() => services.GetRequiredService<IGuardSessionFactory>().Create(new Principal("alice")))
            .Should().Throw<PolicyValidationException>().WithMessage("*DefendInDepth:RequireProxy*");
    }

    private static ServiceProvider Build(int port, string? proxy, Action<IServiceCollection> more)
    {
        var configuration = Configurations.FromJson($$"""
            {
              "LangGuard": { "Default": {
                "LimitPermissions": {
                  "Http": { "orders": { "Rule": "GET http://api.test:{{port}}/v1/* private 127.0.0.0/8 inject key trusted" } },
                  "Credentials": { "key": { "Url": "http://api.test:{{port}}/v1/**", "ReadKey": "Secrets:Orders" } }
                }
                {{(proxy is null ? "" : $$""", "DefendInDepth": { "RequireProxy": "{{proxy}}" }""")}}
              } },
              "Secrets": { "Orders": "{{Secret}}" }
            }
            """);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<IAddressResolver>(new FakeResolver().Add("api.test", "127.0.0.1"));
        services.AddLangGuard(configuration, (_, guard) => guard.DefendInDepth(defense => defense.AllowUnguardedListener(port)));
        more(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private sealed class Vault : ICredentialBroker
    {
        public const string Own = "of-the-vault-9876543210";

        public bool IsEmpty { get; init; }

        public ConcurrentQueue<(string Key, bool IsWrite, string Host, string Principal)> Asked { get; } = new();

        public ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken)
        {
            Asked.Enqueue((request.Key, request.IsWrite, request.Host, request.Principal.Id));
            return ValueTask.FromResult(IsEmpty ? null : Own);
        }
    }
}
