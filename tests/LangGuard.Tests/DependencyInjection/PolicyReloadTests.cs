using System.Text.Json;
using LangGuard.Auditing;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.DependencyInjection;

public sealed class PolicyReloadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard");
    private readonly RecordingSink _sink = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_reload_narrows_the_running_session()
    {
        using var services = Start("""{ "AnticipateMisuse": {} }""", out var root);
        using var session = Session(services);
        Kind(session, "pay").Should().Be(DecisionKind.Allow);

        Write("""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } } }""");
        root.Reload();

        Kind(session, "pay").Should().Be(DecisionKind.Ask);
        Kind(session, "read").Should().Be(DecisionKind.Allow);
        _sink.Records.Should().Contain(record => record.Phase == AuditPhase.PolicyReloaded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reload_stands_in_the_audit_file(bool isGood)
    {
        var audit = JsonSerializer.Serialize(Path.Combine(_folder.FullName, "audit"));
        using (var services = Start($$"""{ "DefendInDepth": { "Audit": { "Folder": {{audit}} } } }""", out var root))
        {
            using var session = Session(services);
            Kind(session, "pay").Should().Be(DecisionKind.Allow);
            Write(isGood
                ? $$"""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } }, "DefendInDepth": { "Audit": { "Folder": {{audit}} } } }"""
                : """{ "Unknown": 1 }""");
            Reload(root);
            Kind(session, "pay").Should().Be(isGood ? DecisionKind.Ask : DecisionKind.Allow);

            // Written ahead: it stands there while the host runs.
            var records = new List<string>();
            new AuditReader().Read(AuditFolder.SegmentsOf(Path.Combine(_folder.FullName, "audit")), (_, _, payload) =>
                records.Add(System.Text.Encoding.UTF8.GetString(payload)));
            records.Count(record => record.Contains(isGood ? "\"policy-reloaded\"" : "\"policy-reload-failed\"", StringComparison.Ordinal)).Should().Be(1);
            records.Count(record => record.Contains("\"phase\":\"decision\"", StringComparison.Ordinal)).Should().Be(2, "each once, whatever both policies say");
        }
    }

    [Fact]
    public void A_reload_gives_a_running_session_nothing_new()
    {
        using var services = Start("""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } } }""", out var root);
        using var running = Session(services);

        Write("""{ "AnticipateMisuse": {} }""");
        root.Reload();

        Kind(running, "pay").Should().Be(DecisionKind.Ask);
        using var fresh = Session(services);
        Kind(fresh, "pay").Should().Be(DecisionKind.Allow);
    }

    [Theory]
    [InlineData("""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" """)]
    [InlineData("""{ "Unknown": 1 }""")]
    [InlineData("")]
    public void A_failed_reload_keeps_the_old_policy_and_freezes_changes(string content)
    {
        using var services = Start("""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } } }""", out var root);
        using var session = Session(services);

        Write(content);
        Reload(root);

        Kind(session, "pay").Should().Be(DecisionKind.Ask);
        Kind(session, "read").Should().Be(DecisionKind.Allow);
        session.TryAuthorize(Operations.Call("write", Effects.Write)).Decision.Reason!.Rule.Should().Be("misuse.frozen");
        Session(services).TryAuthorize(Operations.Call("write", Effects.Write)).IsAllowed.Should().BeFalse();
        _sink.Records.Should().Contain(record => record.Phase == AuditPhase.PolicyReloadFailed);
    }

    [Fact]
    public void A_vanished_section_keeps_the_old_policy_and_freezes_changes()
    {
        using var services = Start("""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } } }""", out var root);
        using var session = Session(services);

        File.WriteAllText(FilePath, "{}");
        root.Reload();

        Kind(session, "pay").Should().Be(DecisionKind.Ask);
        session.IsFrozen.Should().BeTrue();
    }

    [Fact]
    public void A_good_reload_lifts_the_freeze_of_a_failed_one_but_not_the_hosts()
    {
        using var services = Start("{}", out var root);
        using var session = Session(services);
        Write("""{ "Unknown": 1 }""");
        root.Reload();
        session.IsFrozen.Should().BeTrue();

        Write("{}");
        root.Reload();
        session.IsFrozen.Should().BeFalse();

        var source = services.GetRequiredService<PolicySource>();
        source.Freeze();
        Write("""{ "AnticipateMisuse": {} }""");
        root.Reload();
        session.IsFrozen.Should().BeTrue();
    }

    [Fact]
    public void A_reload_forgets_nothing_that_is_untrusted()
    {
        using var services = Start("""{ "AnticipateMisuse": {} }""", out var root);
        using (var before = Session(services))
        {
            before.MarkUntrusted();
            using var permit = before.Authorize(Operations.Call("notes", Effects.Write));
            permit.Complete(OperationOutcome.Success());
        }

        Write("""{ "AnticipateMisuse": { "RequireApproval": { "Functions": "pay" } } }""");
        root.Reload();

        using var session = Session(services);
        Read(session, "other");
        session.HoldsUntrustedContent.Should().BeFalse();
        Read(session, "notes");
        session.HoldsUntrustedContent.Should().BeTrue();

        static void Read(GuardSession session, string function)
        {
            using var permit = session.Authorize(Operations.Call(function));
            permit.BeginResult();
            permit.Observe("text");
            permit.Complete(OperationOutcome.Success());
        }
    }

    [Fact]
    public void A_change_elsewhere_keeps_the_very_same_policy()
    {
        using var services = Start("{}", out var root);
        var before = services.GetRequiredService<Policy>();

        File.WriteAllText(FilePath, """{ "LangGuard": { "Default": {} }, "Logging": { "Level": "Debug" } }""");
        root.Reload();

        services.GetRequiredService<Policy>().Should().BeSameAs(before);
    }

    private string FilePath => Path.Combine(_folder.FullName, "settings.json");

    private ServiceProvider Start(string agent, out IConfigurationRoot root)
    {
        Write(agent);
        root = new ConfigurationBuilder().AddJsonFile(FilePath, optional: true, reloadOnChange: false).Build();
        return new ServiceCollection()
            .AddSingleton<IAuditSink>(_sink)
            .AddLangGuard(root.GetSection("LangGuard"), (_, guard) => guard.AddLayer(TestLayer.AllowAll()))
            .BuildServiceProvider();
    }

    private void Write(string agent) => File.WriteAllText(FilePath, agent.Length == 0 ? "" : $$"""{ "LangGuard": { "Default": {{agent}} } }""");

    /// <summary>What the file watcher does: loads again, and swallows what the parser throws.</summary>
    private static void Reload(IConfigurationRoot root)
    {
        try
        {
            foreach (var provider in root.Providers.OfType<FileConfigurationProvider>())
            {
                typeof(FileConfigurationProvider)
                    .GetMethod("Load", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic, [typeof(bool)])!
                    .Invoke(provider, [true]);
            }
        }
        catch (System.Reflection.TargetInvocationException)
        {
        }
    }

    private static GuardSession Session(IServiceProvider services) =>
        services.GetRequiredService<IGuardSessionFactory>().Create(Operations.Alice);

    private static DecisionKind Kind(GuardSession session, string function) =>
        session.TryAuthorize(Operations.Call(function)).Decision.Kind;
}
