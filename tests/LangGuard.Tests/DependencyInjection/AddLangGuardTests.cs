using System.Data.Common;
using System.IO.Abstractions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LangGuard.Tests.DependencyInjection;

public sealed class AddLangGuardTests
{
    private static readonly Principal Alice = Operations.Alice;

    [Fact]
    public void The_unnamed_agent_is_resolved_without_a_key()
    {
        using var services = new ServiceCollection().AddLangGuard(AllowAll).BuildServiceProvider(validateScopes: true);
        using var scope = Begin(services);

        var session = scope.ServiceProvider.GetRequiredService<GuardSession>();

        session.Agent.Should().Be("default");
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
        scope.ServiceProvider.GetRequiredKeyedService<GuardSession>("default").Should().BeSameAs(session);
        services.GetRequiredService<Policy>().Should().BeSameAs(services.GetRequiredKeyedService<Policy>("default"));
        services.GetRequiredService<PolicySource>().Current.Should().BeSameAs(services.GetRequiredService<Policy>());
    }

    [Fact]
    public void A_named_agent_is_resolved_by_its_key_only()
    {
        using var services = new ServiceCollection().AddLangGuard("support", AllowAll).BuildServiceProvider(validateScopes: true);
        using var scope = Begin(services);

        scope.ServiceProvider.GetRequiredKeyedService<GuardSession>("support").Agent.Should().Be("support");
        scope.ServiceProvider.GetService<GuardSession>().Should().BeNull();
        services.GetRequiredKeyedService<Policy>("support").Should().BeSameAs(services.GetRequiredKeyedService<Policy>("support"));
        services.GetService<Policy>().Should().BeNull();
    }

    [Fact]
    public void Several_agents_have_their_own_policies()
    {
        using var services = new ServiceCollection()
            .AddLangGuard(_ => { })
            .AddLangGuard("support", AllowAll)
            .BuildServiceProvider(validateScopes: true);
        using var scope = Begin(services);

        Allows(scope.ServiceProvider.GetRequiredKeyedService<GuardSession>("support")).Should().BeTrue();
        Allows(scope.ServiceProvider.GetRequiredService<GuardSession>()).Should().BeFalse();
    }

    [Fact]
    public void A_section_registers_every_agent_in_it()
    {
        var root = Configurations.FromJson("""{ "LangGuard": { "Default": {}, "Agents": { "support": {}, "sales": {} } } }""");
        using var services = new ServiceCollection()
            .AddLangGuard(root.GetSection("LangGuard"), (name, guard) => Grant(guard, name == "support"))
            .BuildServiceProvider(validateScopes: true);
        using var scope = Begin(services);

        Allows(scope.ServiceProvider.GetRequiredKeyedService<GuardSession>("support")).Should().BeTrue();
        Allows(scope.ServiceProvider.GetRequiredKeyedService<GuardSession>("sales")).Should().BeFalse();
        Allows(scope.ServiceProvider.GetRequiredService<GuardSession>()).Should().BeFalse();
    }

    [Fact]
    public void A_root_may_be_passed_for_its_section()
    {
        var root = Configurations.FromJson("""{ "LangGuard": { "Default": {} } }""");
        using var services = new ServiceCollection().AddLangGuard((IConfiguration)root).BuildServiceProvider();

        services.GetRequiredService<IGuardSessionFactory>().Create(Alice).Agent.Should().Be("default");
    }

    [Fact]
    public void A_builder_may_read_a_section_and_add_code()
    {
        var root = Configurations.FromJson("""{ "Mine": { "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } } } }""");
        using var services = new ServiceCollection()
            .AddLangGuard("support", guard => AllowAll(guard.FromConfiguration(root.GetSection("Mine"))))
            .BuildServiceProvider();
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(Alice, "support");

        Allows(session).Should().BeTrue();
        session.TryAuthorize(Operations.Call("pay")).Decision.Kind.Should().Be(DecisionKind.Ask);
    }

    [Fact]
    public void A_policy_may_use_services()
    {
        var sink = new RecordingSink();
        using var services = new ServiceCollection()
            .AddSingleton(sink)
            .AddLangGuard("support", (guard, provider) =>
                AllowAll(guard.DefendInDepth(d => d.Audit(provider.GetRequiredService<RecordingSink>()))))
            .BuildServiceProvider();
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(Alice, "support");

        session.TryAuthorize(Operations.Call("f"));

        sink.Records.Should().NotBeEmpty();
    }

    [Fact]
    public void Registered_sinks_and_approvers_are_used()
    {
        var sink = new RecordingSink();
        using var services = new ServiceCollection()
            .AddSingleton<LangGuard.Auditing.IAuditSink>(sink)
            .AddLangGuard(AllowAll)
            .BuildServiceProvider();
        using var session = services.GetRequiredService<IGuardSessionFactory>().Create(Alice);

        session.TryAuthorize(Operations.Call("f"));

        sink.Records.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("support")]
    [InlineData("SUPPORT")]
    public void A_second_registration_of_an_agent_is_an_error(string second)
    {
        var services = new ServiceCollection().AddLangGuard("support", _ => { });

        services.Invoking(s => s.AddLangGuard(second, AllowAll)).Should().Throw<InvalidOperationException>()
            .WithMessage("*one owner*");
        using var provider = services.BuildServiceProvider();
        Allows(provider.GetRequiredService<IGuardSessionFactory>().Create(Alice, "support")).Should().BeFalse();
    }

    [Fact]
    public void An_agent_in_code_and_in_a_section_is_an_error()
    {
        var root = Configurations.FromJson("""{ "LangGuard": { "Agents": { "Support": {} } } }""");
        using var services = new ServiceCollection()
            .AddLangGuard("support", _ => { })
            .AddLangGuard(root.GetSection("LangGuard"), (_, guard) => AllowAll(guard))
            .BuildServiceProvider();

        services.GetRequiredService<IGuardSessionFactory>().Invoking(f => f.Create(Alice, "support"))
            .Should().Throw<PolicyValidationException>().WithMessage("*registered twice*");
    }

    [Fact]
    public void Configuring_options_from_elsewhere_widens_nothing()
    {
        using var services = new ServiceCollection()
            .AddLangGuard("support", _ => { })
            .PostConfigure<PolicyOptions>(o => o.LimitPermissions.Functions.Add("f", new()))
            .PostConfigureAll<PolicyOptions>(o => o.LimitPermissions.Functions.Add("g", new()))
            .BuildServiceProvider();

        Allows(services.GetRequiredService<IGuardSessionFactory>().Create(Alice, "support")).Should().BeFalse();
    }

    [Fact]
    public void A_service_that_takes_the_place_of_ours_is_an_error()
    {
        var wide = Policy.Create(AllowAll);
        using var services = new ServiceCollection()
            .AddLangGuard("support", _ => { })
            .AddKeyedSingleton("support", new PolicySource(wide))
            .BuildServiceProvider();

        services.GetRequiredService<IGuardSessionFactory>().Invoking(f => f.Create(Alice, "support"))
            .Should().Throw<PolicyValidationException>().WithMessage("*PolicySource*takes the place*");
    }

    [Fact]
    public void No_unkeyed_resource_is_registered()
    {
        var services = new ServiceCollection().AddLangGuard(AllowAll).AddLangGuard("support", AllowAll);

        services.Where(service => !service.IsKeyedService).Select(service => service.ServiceType)
            .Should().NotContain([typeof(IFileSystem), typeof(HttpClient), typeof(DbDataSource), typeof(DbConnection)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_is_never_resolved_from_the_root(bool validateScopes)
    {
        using var services = new ServiceCollection().AddLangGuard(AllowAll).AddLangGuard("support", AllowAll)
            .AddSingleton<Singleton>()
            .BuildServiceProvider(validateScopes);

        services.Invoking(s => s.GetService<GuardSession>()).Should().Throw<InvalidOperationException>();
        services.Invoking(s => s.GetKeyedService<GuardSession>("support")).Should().Throw<InvalidOperationException>();
        services.Invoking(s => s.GetService<GuardSessionScope>()).Should().Throw<InvalidOperationException>();
        services.Invoking(s => s.GetService<Singleton>()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_singleton_that_is_first_used_in_a_scope_gets_no_session()
    {
        using var services = new ServiceCollection().AddLangGuard(AllowAll).AddSingleton<Singleton>().BuildServiceProvider();
        using var scope = Begin(services);

        scope.ServiceProvider.Invoking(s => s.GetService<Singleton>()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_scope_without_a_principal_has_no_session()
    {
        using var services = new ServiceCollection().AddLangGuard(AllowAll).BuildServiceProvider();
        using var scope = services.CreateScope();

        scope.ServiceProvider.Invoking(s => s.GetService<GuardSession>()).Should().Throw<AccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("session.missing");
    }

    [Fact]
    public void A_scope_keeps_its_first_principal()
    {
        using var services = new ServiceCollection().AddLangGuard(AllowAll).BuildServiceProvider();
        using var scope = Begin(services);

        scope.ServiceProvider.GetRequiredService<GuardSessionScope>().Invoking(s => s.Begin(new Principal("mallory")))
            .Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_unknown_agent_is_an_error()
    {
        using var services = new ServiceCollection().AddLangGuard("support", AllowAll).BuildServiceProvider();

        services.GetRequiredService<IGuardSessionFactory>().Invoking(f => f.Create(Alice, "Support"))
            .Should().Throw<InvalidOperationException>().WithMessage("*No agent*");
    }

    [Fact]
    public void A_session_ends_with_its_scope()
    {
        using var services = new ServiceCollection().AddLangGuard(AllowAll).BuildServiceProvider();
        GuardSession session;
        using (var scope = Begin(services))
        {
            session = scope.ServiceProvider.GetRequiredService<GuardSession>();
        }

        session.TryAuthorize(Operations.Call("f")).Decision.Reason!.Rule.Should().Be("session.ended");
    }

    [Fact]
    public async Task A_host_with_errors_does_not_start_and_lists_all_of_them()
    {
        var root = Configurations.FromJson("""
            { "LangGuard": { "Surprise": 1, "Default": { "Files": {} }, "Agents": { "support": { "LimitPermissions": { "Htp": {} } } } } }
            """);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLangGuard(root.GetSection("LangGuard"));
        using var host = builder.Build();

        var start = await host.Invoking(h => h.StartAsync()).Should().ThrowAsync<PolicyValidationException>();

        start.Which.Errors.Select(error => error.Path).Should().BeEquivalentTo(
            "LangGuard:Surprise", "LangGuard:Default:Files", "LangGuard:Agents:support:LimitPermissions:Htp");
    }

    [Fact]
    public async Task A_host_without_errors_starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLangGuard(AllowAll);
        using var host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public void Without_a_host_the_first_session_reports_the_errors()
    {
        var root = Configurations.FromJson("""{ "LangGuard": { "Default": { "Files": {} } } }""");
        using var services = new ServiceCollection().AddLangGuard(root.GetSection("LangGuard")).BuildServiceProvider();

        services.GetRequiredService<IGuardSessionFactory>().Invoking(f => f.Create(Alice))
            .Should().Throw<PolicyValidationException>().WithMessage("*LangGuard:Default:Files*");
    }

    private static void AllowAll(PolicyBuilder guard) => guard.AddLayer(TestLayer.AllowAll());

    private static void Grant(PolicyBuilder guard, bool all)
    {
        if (all)
        {
            AllowAll(guard);
        }
    }

    private static bool Allows(GuardSession session) => session.TryAuthorize(Operations.Call("f")).IsAllowed;

    private static IServiceScope Begin(IServiceProvider services)
    {
        var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<GuardSessionScope>().Begin(Alice);
        return scope;
    }

    private sealed class Singleton(GuardSession session)
    {
        public GuardSession Session => session;
    }
}
