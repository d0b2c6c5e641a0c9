using System.Text.Json;
using CsCheck;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Reach;

public sealed class ReachReportTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("reach").FullName;

    private static Policy Sample() => Policy.Create(policy => policy
        .LimitPermissions(allow => allow
            .Files("kb", Folder, files => files.Read("**").Write("drafts/**").Deny("private/**"))
            .Http("GET https://api.test/v1/orders/{id} query page:int")
            .Http("POST https://api.test/v1/notes")
            .Function("send_mail", f => f.Does(Effects.Send).Require("to", ArgumentRule.EmailDomain("contoso.test")).Any("subject", "body"))
            .Function("look_up", f => f.OnlyReads().Any("key")))
        .AnticipateMisuse(misuse => misuse.LimitUsage(u => u.Calls(200)).RequireApproval(a => a.ForDeletes())));

    [Fact]
    public void The_report_is_deterministic_and_says_the_worst()
    {
        var report = Sample().ExplainReach();
        report.ToString().Should().Be(Sample().ExplainReach().ToString());
        report.ToString().Should().Contain("Files  /kb/drafts/**").And.Contain("send_mail").And.Contain("200 calls").And.NotContain(Folder);
        report.ToMarkdown().Should().Contain("| Http |");
        using var json = JsonDocument.Parse(report.ToJson());
        json.RootElement.GetProperty("entries").GetArrayLength().Should().Be(report.Entries.Count);
    }

    [Fact]
    public void Nothing_granted_reaches_nothing() => Policy.Create(_ => { }).ExplainReach().Entries.Should().BeEmpty();

    [Fact]
    public void Every_allowed_operation_lies_inside_the_report()
    {
        var policy = Sample();
        var report = policy.ExplainReach();
        var allowed = 0;
        Operations().Sample(
            operation =>
            {
                using var session = GuardSession.Create(policy, Support.Operations.Alice);
                if (policy.Decide(operation, session).Kind is DecisionKind.Allow or DecisionKind.Ask)
                {
                    Interlocked.Increment(ref allowed);
                    return report.Covers(operation);
                }

                return true;
            },
            iter: 3_000);
        allowed.Should().BeGreaterThan(50);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<Operation> Operations()
    {
        var names = OneOf("kb", "other");
        var paths = OneOf("a.md", "drafts/a.md", "drafts", "private/a.md", "x/y/z.txt", "");
        var files = Gen.Select(names, paths, Gen.Int[0, 63]).Select((root, path, verbs) => (Operation)new FileOperation(
            Support.Operations.Alice, Effects.Read, new FileTarget(root, path, path, (FilePermissions)verbs)));
        var http = Gen.Select(
                OneOf("GET", "POST", "DELETE", "PUT", "HEAD"),
                OneOf("https://api.test", "http://api.test", "https://api.test:8443", "https://evil.test"),
                OneOf("/v1/orders/17", "/v1/orders/17?page=2", "/v1/orders", "/v1/notes", "/"))
            .Select((method, origin, path) => (Operation)new HttpOperation(
                Support.Operations.Alice, Effects.Read, method, new Uri(origin + path)));
        var functions = Gen.Select(OneOf("send_mail", "look_up", "delete_all"), OneOf("to", "key", "bcc"))
            .Select((name, argument) => (Operation)new FunctionOperation(
                Support.Operations.Alice, Effects.Read, name,
                JsonSerializer.SerializeToElement(new Dictionary<string, string> { [argument] = "a@contoso.test" })));
        return Gen.OneOf(files, http, functions);
    }
}
