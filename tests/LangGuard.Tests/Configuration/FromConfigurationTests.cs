using LangGuard.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.Configuration;

public sealed class FromConfigurationTests
{
    [Fact]
    public void Reads_named_keys_of_every_level()
    {
        var builder = Read("""
            { "AnticipateMisuse": { "RequireApproval": { "Effects": "Delete, Send", "Functions": ["send_mail", "pay"] } } }
            """);

        builder.Errors.All.Should().BeEmpty();
        builder.Options.AnticipateMisuse.RequireApproval.Effects.Should().Be(Effects.Delete | Effects.Send);
        builder.Options.AnticipateMisuse.RequireApproval.Functions.Should().BeEquivalentTo("send_mail", "pay");
    }

    [Fact]
    public void An_empty_section_denies_everything()
    {
        var builder = Read("{}");

        builder.Errors.All.Should().BeEmpty();
        builder.Options.LimitPermissions.Files.Should().BeEmpty();
    }

    [Fact]
    public void Reports_every_error_with_path_value_and_remedy()
    {
        var builder = Read("""
            {
              "LimitPermission": {},
              "LimitPermissions": { "Files": ["kb"], "Http": "GET https://a.test", "Sockets": { "a": 1 } },
              "AnticipateMisuse": { "RequireApproval": { "Effects": "Delet", "Functions": ["a", "a", null, {}] } },
              "DefendInDepth": "yes"
            }
            """);

        builder.Errors.All.Select(error => error.Path).Should().BeEquivalentTo(
            "LimitPermission", "LimitPermissions:Files", "LimitPermissions:Http", "LimitPermissions:Sockets",
            "AnticipateMisuse:RequireApproval:Effects", "AnticipateMisuse:RequireApproval:Functions:1",
            "AnticipateMisuse:RequireApproval:Functions:2", "AnticipateMisuse:RequireApproval:Functions:3", "DefendInDepth");
        builder.Errors.All.Should().OnlyContain(error => error.Problem.Length > 0 && error.Remedy.Length > 0);
        builder.Errors.All.Single(error => error.Path.EndsWith(":Effects", StringComparison.Ordinal))
            .Should().Match<PolicyError>(error => error.Value == "Delet" && error.Remedy.Contains("Delete"));
    }

    [Fact]
    public void A_configuration_is_data_and_brings_nothing_to_life()
    {
        var mark = Path.Combine(Path.GetTempPath(), $"langguard-config-{Guid.NewGuid():N}");
        var builder = Read($$$"""
            {
              "$type": "System.Diagnostics.Process, System.Diagnostics.Process",
              "_type": "python_code", "lc": 1, "template_path": "{{{mark}}}", "exec": "touch {{{mark}}}",
              "LimitPermissions": {
                "Files": {
                  "kb": { "$type": "System.IO.FileInfo", "Root": "${HOME}/$(touch {{{mark}}})/{{HOME}}/%PATH%", "lc": 1, "Rules": { "**": { "__class__": "x", "Allow": "Read" } } }
                },
                "Http": { "api": { "Rule": "GET https://api.test/**", "exec": "x" } }
              }
            }
            """);

        builder.Errors.All.Select(error => error.Path).Should().Contain([
            "$type", "_type", "lc", "template_path", "exec", "LimitPermissions:Files:kb:$type", "LimitPermissions:Files:kb:lc",
            "LimitPermissions:Files:kb:Rules:**:__class__", "LimitPermissions:Http:api:exec",
        ]);
        builder.Options.LimitPermissions.Files["kb"].Root.Should().Be($"${{HOME}}/$(touch {mark})/{{{{HOME}}}}/%PATH%", "a text stays a text");
        builder.Invoking(b => b.Build()).Should().Throw<PolicyValidationException>();
        File.Exists(mark).Should().BeFalse();
        Read("""{ "LimitPermissions": { "Http": { "api": { "Rule": "GET https://api.test/**" } } } }""").Errors.All.Should().BeEmpty();
    }

    [Theory]
    [InlineData("16")]
    [InlineData("Delete,")]
    [InlineData("Delete;Send")]
    [InlineData("")]
    [InlineData("-1")]
    public void An_enumeration_is_given_by_its_names_only(string text)
    {
        var builder = Read($$"""{ "AnticipateMisuse": { "RequireApproval": { "Effects": "{{text}}" } } }""");

        builder.Errors.All.Should().ContainSingle();
    }

    [Fact]
    public void A_missing_section_is_an_error()
    {
        var builder = new PolicyBuilder("support");

        builder.FromConfiguration(Configurations.FromJson("{}").GetSection("LangGuard:Agents:support"));

        builder.Errors.All.Should().ContainSingle().Which.Problem.Should().Contain("missing");
    }

    [Fact]
    public void A_value_from_the_environment_refuses_to_start()
    {
        const string key = "LGTEST1_LangGuard__Default__AnticipateMisuse__RequireApproval__Effects";
        Environment.SetEnvironmentVariable(key, "None");
        try
        {
            var root = new ConfigurationBuilder().AddEnvironmentVariables("LGTEST1_").Build();

            Building(root).Should().Throw<PolicyValidationException>()
                .Which.Errors.Should().ContainSingle(error => error.Problem.Contains("environment") && error.Value == "None");
        }
        finally
        {
            Environment.SetEnvironmentVariable(key, null);
        }
    }

    [Fact]
    public void A_value_from_the_command_line_refuses_to_start()
    {
        var root = new ConfigurationBuilder()
            .AddCommandLine(["--LangGuard:Default:AnticipateMisuse:RequireApproval:Effects=None"]).Build();

        Building(root).Should().Throw<PolicyValidationException>().WithMessage("*command line*");
    }

    [Fact]
    public void An_agent_that_only_the_environment_names_refuses_to_start()
    {
        var root = new ConfigurationBuilder()
            .AddJsonStream(Json("""{ "LangGuard": { "Default": {} } }"""))
            .AddCommandLine(["--LangGuard:Agents:ops:LimitPermissions:Files:all:Root=/srv"]).Build();

        Building(root).Should().Throw<PolicyValidationException>().WithMessage("*LangGuard:Agents:ops*command line*");
    }

    [Fact]
    public void A_chained_environment_refuses_to_start()
    {
        var inner = new ConfigurationBuilder().AddCommandLine(["--LangGuard:Default:DefendInDepth="]).Build();
        var root = new ConfigurationBuilder().AddConfiguration(inner).Build();

        Building(root).Should().Throw<PolicyValidationException>().WithMessage("*command line*");
    }

    [Fact]
    public void A_chained_section_of_the_environment_refuses_to_start()
    {
        var inner = new ConfigurationBuilder().AddCommandLine(["--X:LangGuard:Default:DefendInDepth="]).Build();
        var root = new ConfigurationBuilder().AddConfiguration(inner.GetSection("X")).Build();

        Building(root).Should().Throw<PolicyValidationException>().WithMessage("*command line*");
    }

    [Fact]
    public void Two_sources_for_one_agent_refuse_to_start()
    {
        var root = new ConfigurationBuilder()
            .AddJsonStream(Json("""{ "LangGuard": { "Default": { "AnticipateMisuse": { "RequireApproval": { "Functions": ["pay"] } } } } }"""))
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["LangGuard:Default:AnticipateMisuse:RequireApproval:Functions:0"] = "harmless",
            }).Build();

        Building(root).Should().Throw<PolicyValidationException>().WithMessage("*2 sources*");
    }

    [Fact]
    public void A_second_source_that_only_empties_a_key_refuses_to_start()
    {
        var root = new ConfigurationBuilder()
            .AddJsonStream(Json("""{ "LangGuard": { "Default": { "AnticipateMisuse": { "RequireApproval": { "Effects": "Delete" } } } } }"""))
            .AddJsonStream(Json("""{ "LangGuard": { "Default": { "AnticipateMisuse": null } } }""")).Build();

        Building(root).Should().Throw<PolicyValidationException>().WithMessage("*2 sources*");
    }

    [Fact]
    public void Different_agents_may_come_from_different_sources()
    {
        var root = new ConfigurationBuilder()
            .AddJsonStream(Json("""{ "LangGuard": { "Agents": { "a": {} } } }"""))
            .AddJsonStream(Json("""{ "LangGuard": { "Agents": { "b": {} } } }""")).Build();

        Building(root).Should().NotThrow();
    }

    [Fact]
    public void A_section_whose_source_can_not_be_told_refuses_to_start()
    {
        var builder = new PolicyBuilder("support");

        builder.FromConfiguration(new OpaqueSection());

        builder.Errors.All.Should().Contain(error => error.Problem.Contains("can not be told"));
    }

    [Fact]
    public void A_configuration_manager_is_an_ordinary_source()
    {
        using var manager = new ConfigurationManager();
        manager.AddInMemoryCollection(new Dictionary<string, string?> { ["LangGuard:Default:LimitPermissions"] = null });

        Building(manager).Should().NotThrow();
    }

    private static Action Building(IConfigurationRoot root) => () =>
    {
        using var services = new ServiceCollection().AddLangGuard(root.GetSection("LangGuard")).BuildServiceProvider();
        services.GetRequiredService<LangGuard.DependencyInjection.AgentPolicies>().Validate();
    };

    private static PolicyBuilder Read(string json)
    {
        var builder = new PolicyBuilder("support");
        var root = Configurations.FromJson($$"""{ "LangGuard": { "Agents": { "support": {{json}} } } }""");
        return builder.FromConfiguration(root.GetSection("LangGuard:Agents:support"));
    }

    private static MemoryStream Json(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));

    private sealed class OpaqueSection : IConfigurationSection
    {
        public string Key => "support";

        public string Path => "LangGuard:Agents:support";

        public string? Value { get; set; }

        public string? this[string key] { get => null; set => _ = value; }

        public IEnumerable<IConfigurationSection> GetChildren() => [];

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => throw new NotSupportedException();

        public IConfigurationSection GetSection(string key) => throw new NotSupportedException();
    }
}
