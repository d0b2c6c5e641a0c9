using System.Text.Json;
using LangGuard.Findings;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

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
        ["database.nothing-granted"] = Database(_ => { }),
        ["database.trusted-and-writable"] = Database(db => { db.Trusted = true; Table(db, "t", DatabasePermissions.Insert); }),
        ["database.reads-and-writes"] = Database(db => Table(db, "t", DatabasePermissions.Select | DatabasePermissions.Insert)),
        ["database.no-undo"] = Database(db => Table(db, "t", DatabasePermissions.Insert)),
        ["database.migration-without-approver"] = Database(db => db.Migrations["add"] = "ALTER TABLE t ADD COLUMN c TEXT"),
        ["database.no-row-limit"] = Database(db => { db.Limits.MaxRows = 1_000_000; Table(db, "t", DatabasePermissions.Select); }),
        ["database.long-statement"] = Database(db => { db.Limits.Timeout = TimeSpan.FromHours(1); Table(db, "t", DatabasePermissions.Select); }),
        ["database.no-cost-limit"] = Database(db => { db.Limits.MaxCost = null; Table(db, "t", DatabasePermissions.Select); }),
        ["database.changes-without-where"] = Database(db => { db.Limits.UnguardedWithoutWhere = true; Table(db, "t", DatabasePermissions.Delete); }),
        ["database.changes-many-rows"] = Database(db => { db.Limits.MaxAffectedRows = 1_000_000; Table(db, "t", DatabasePermissions.Delete); }),
        ["database.changes-every-row"] = Database(db => Table(db, "t", DatabasePermissions.Update)),
        ["database.every-verb"] = Database(db => Table(
            db, "t", DatabasePermissions.Select | DatabasePermissions.Insert | DatabasePermissions.Update | DatabasePermissions.Delete)),
        ["database.dead-table"] = Database(db => Table(db, "t", DatabasePermissions.None)),
        ["database.secret-table"] = Database(db => Table(db, "user_tokens", DatabasePermissions.Select)),
        ["database.dead-mask"] = Database(db => { var t = Table(db, "t", DatabasePermissions.Select); t.DenyColumns.Add("c"); t.MaskColumns.Add("c"); }),
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
        var findings = id.StartsWith("database.", StringComparison.Ordinal) ? Review(Broad[id]) : Policy.Create(Broad[id]).Findings();
        findings.Select(finding => finding.Id).Should().Contain(id);
        findings.Should().OnlyContain(finding => finding.Remedy.Length > 0 && finding.Place.Length > 0);
    }

    [Fact]
    public void One_key_for_reading_and_writing_is_found()
    {
        var options = new PolicyOptions();
        options.LimitPermissions.Credentials["api"] = new CredentialOptions { Url = "https://api.contoso.test/**", ReadKey = "k", WriteKey = "k" };
        PolicyExtensions.Review("agent", options, new PolicyDependencies(new Dictionary<Type, object>(), []))
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

    [Fact]
    public void A_narrow_database_has_nothing_worse_than_a_note() =>
        Review(Database(db =>
        {
            Table(db, "orders", DatabasePermissions.Select | DatabasePermissions.Update).Rows["tenant"] = "tenant";
            Table(db, "api_tokens", DatabasePermissions.Select).MaskColumns.Add("value");
        })).Should().NotContain(finding => finding.Place.Contains(":Database:", StringComparison.Ordinal)
            && finding.Severity != LangGuard.Findings.FindingSeverity.Note);

    [Fact]
    public void Tools_that_no_guard_stands_before_are_found()
    {
        using var session = Operations.SessionOf(policy => policy.LimitPermissions(allow => allow.Function("look_up", f => f.OnlyReads())));
        var bare = AIFunctionFactory.Create(() => "x", "look_up");
        var ids = session.Policy.Findings([bare, new HostedWebSearchTool(), session.Guard(AIFunctionFactory.Create(() => "y", "other"))])
            .Select(finding => (finding.Id, finding.Place));
        ids.Should().Contain(("tools.unguarded", "Tools:look_up")).And.Contain(("tools.not-granted", "Tools:other"));
        ids.Should().Contain(finding => finding.Id == "tools.hosted");
        session.Policy.Findings([session.Guard(bare)]).Should().NotContain(finding => finding.Id.StartsWith("tools.", StringComparison.Ordinal));
        session.Policy.Findings([bare.AsDeclarationOnly()]).Should().Contain(finding => finding.Id == "tools.declared-only");
    }

    [Fact]
    public void Every_finding_stands_on_the_page()
    {
        var page = File.ReadAllText(Configurations.RepositoryFile("docs", "findings.md"));
        var sources = new[] { ("LangGuard.Core", "Findings"), ("LangGuard", "AI") }
            .SelectMany(place => Directory.GetFiles(Configurations.RepositoryFile("src", place.Item1, place.Item2), "*Findings.cs"));
        var ids = sources.SelectMany(file => File.ReadAllText(file).Split("new(\"").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]))
            .Distinct().ToList();
        ids.Count.Should().BeGreaterThan(50);
        ids.Where(id => !page.Contains($"| `{id}` |", StringComparison.Ordinal)).Should().BeEmpty();
    }

    private static PolicyFindings Review(Action<PolicyBuilder> configure)
    {
        var builder = new PolicyBuilder("agent");
        configure(builder);
        return PolicyExtensions.Review("agent", builder.Options, new PolicyDependencies(new Dictionary<Type, object>(), []));
    }

    private static Action<PolicyBuilder> Database(Action<DatabaseOptions> database) => policy =>
    {
        var options = new DatabaseOptions();
        database(options);
        policy.Options.LimitPermissions.Database["shop"] = options;
    };

    private static DatabaseTableOptions Table(DatabaseOptions database, string name, DatabasePermissions allow) =>
        database.Tables[name] = new DatabaseTableOptions { Allow = allow };

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
