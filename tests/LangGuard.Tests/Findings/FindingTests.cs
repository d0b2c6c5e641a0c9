using System.Text.Json;
using LangGuard.Permissions;

namespace LangGuard.Tests.Findings;

public sealed class FindingTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("findings").FullName;
    private static readonly string Inner = Directory.CreateDirectory(Path.Combine(Folder, "inner")).FullName;

    /// <summary>Each over-broad policy with the finding that it has to yield.</summary>
    private static readonly Dictionary<string, Action<PolicyBuilder>> Broad = new(StringComparer.Ordinal)
    {
        ["files.broad-root"] = Files("/usr", files => files.Read("share/doc/**")),
        ["files.nested-roots"] = policy => policy.LimitPermissions(allow => allow
            .Files("a", Folder, files => files.Read("**")).Files("b", Inner, files => files.Read("**"))),
        ["files.writes-everything"] = Files(Folder, files => files.Write("**")),
        ["files.deletes-everything"] = Files(Folder, files => files.Delete("**")),
        ["files.creates-links"] = Files(Folder, files => files.Link("a/**")),
        ["files.dead-rule"] = Files(Folder, files => files.Read("a/**").Deny("a/**")),
        ["files.shadowed-rule"] = Files(Folder, files => files.Read("a/**").Deny("**")),
        ["files.trusted-and-writable"] = Files(Folder, files => files.Write("a/**", rule => rule.Trusted = true)),
        ["files.writes-programs"] = Files(Folder, files => files.Write("a/**", rule => rule.DenyContent = FileContentKinds.None)),
        ["files.sensitive-unlocked"] = Files(Folder, files => files.Read("**").UnguardedSensitiveFile(".env")),
        ["files.no-journal"] = Files(Folder, files => files.Write("a/**")),
        ["http.any-host"] = Http("GET https://*/**"),
        ["http.any-subdomain"] = Http("POST https://*.contoso.test/x"),
        ["http.plain"] = Http("GET http://api.contoso.test/x"),
        ["http.changes-any-path"] = Http("PUT https://api.contoso.test/**"),
        ["http.deletes-any-path"] = Http("DELETE https://api.contoso.test/**"),
        ["http.any-query"] = Http("GET https://api.contoso.test/x query *"),
        ["http.any-header"] = Http("GET https://api.contoso.test/x header *"),
        ["http.private-network"] = Http("GET https://api.contoso.test/x private 10.0.0.0/8"),
        ["http.trusts-widely"] = Http("GET https://api.contoso.test/** trusted"),
        ["http.same-rule"] = Http("GET https://api.contoso.test/x", "GET https://api.contoso.test/x query page:int"),
        ["http.dead-rule"] = Http("GET https://api.contoso.test/x", "deny GET https://api.contoso.test/x"),
        ["functions.unknown-effects"] = Function(f => f.Any("a")),
        ["functions.any-argument"] = Function(f => f.OnlyReads().UnguardedArguments()),
        ["functions.executes"] = Function(f => f.Does(Effects.Execute).Any("a")),
        ["functions.free-receiver"] = Function(f => f.Does(Effects.Send).Any("to")),
        ["functions.no-targets"] = Function(f => f.Does(Effects.Send).Require("to", ArgumentRule.EmailDomain("contoso.test"))),
        ["functions.trusted-and-changing"] = Function(f => f.Does(Effects.Read | Effects.Write).Any("a").Trusted()),
        ["functions.pattern-of-anything"] = Function(f => f.OnlyReads().Require("a", ArgumentRule.Pattern(".*"))),
        ["functions.not-granted"] = policy => policy
            .LimitPermissions(allow => allow.Function("f", f => f.OnlyReads()))
            .AnticipateMisuse(misuse => misuse.LimitUsageOfFunction("g", u => u.Calls(1))),
        ["approval.nobody-to-ask"] = policy => policy.AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForDeletes())),
        ["misuse.untrusted-content-off"] = policy => policy.AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent()),
        ["misuse.secrets-off"] = policy => policy.AnticipateMisuse(misuse => misuse.UnguardedSecrets()),
        ["misuse.no-call-quota"] = policy => policy.AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Calls(10_000_000))),
        ["agent.trifecta"] = policy => policy.LimitPermissions(allow => allow
            .Files("kb", Folder, files => files.Read("**")).Http("POST https://api.contoso.test/x")),
        ["audit.none"] = Files(Folder, files => files.Read("a/**")),
    };

    public static TheoryData<string> Ids => new(Broad.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_over_broad_policy_yields_its_finding(string id)
    {
        var findings = Policy.Create(Broad[id]).Findings();
        findings.Select(finding => finding.Id).Should().Contain(id);
        findings.Should().OnlyContain(finding => finding.Remedy.Length > 0 && finding.Place.Length > 0);
    }

    [Fact]
    public void One_key_for_reading_and_writing_is_found()
    {
        var options = new PolicyOptions();
        options.LimitPermissions.Credentials["api"] = new CredentialOptions { Url = "https://api.contoso.test/**", ReadKey = "k", WriteKey = "k" };
        FindingExtensions.Review("agent", options, new PolicyDependencies(new Dictionary<Type, object>(), []))
            .Should().Contain(finding => finding.Id == "http.shared-key");
    }

    [Fact]
    public void A_narrow_policy_has_nothing_worse_than_a_note() =>
        Policy.Create(policy => policy.LimitPermissions(allow => allow
                .Files("kb", Folder, files => files.Read("docs/**"))
                .Http("GET https://api.contoso.test/v1/orders/{id:int}")
                .Function("look_up", f => f.OnlyReads().Any("key"))))
            .Findings().Should().OnlyContain(finding => finding.Severity == LangGuard.Findings.FindingSeverity.Note);

    [Fact]
    public void Strict_refuses_to_build_and_lists_every_finding()
    {
        var build = () => Policy.Create(policy => policy.LimitPermissions(allow => allow.Http("PUT https://*/**")).Strict());
        build.Should().Throw<PolicyValidationException>().Which.Errors.Should().HaveCountGreaterThanOrEqualTo(2);
        Policy.Create(policy => policy.LimitPermissions(allow => allow.Http("GET https://api.contoso.test/x")).Strict()).Should().NotBeNull();
    }

    [Fact]
    public void Sarif_is_well_formed_and_deterministic()
    {
        var findings = Policy.Create(Broad["http.any-host"]).Findings();
        using var sarif = JsonDocument.Parse(findings.ToSarif());
        sarif.RootElement.GetProperty("version").GetString().Should().Be("2.1.0");
        sarif.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength().Should().Be(findings.Count);
        findings.ToSarif().Should().Be(Policy.Create(Broad["http.any-host"]).Findings().ToSarif());
    }

    private static Action<PolicyBuilder> Files(string root, Action<FileRootBuilder> files) =>
        policy => policy.LimitPermissions(allow => allow.Files("kb", root, files));

    private static Action<PolicyBuilder> Http(params string[] rules) => policy => policy.LimitPermissions(allow =>
    {
        foreach (var rule in rules)
        {
            allow.Http(rule);
        }
    });

    private static Action<PolicyBuilder> Function(Action<FunctionBuilder> function) =>
        policy => policy.LimitPermissions(allow => allow.Function("f", function));
}
