using LangGuard.Ablation;
using LangGuard.Permissions;
using LangGuard.Testing;

namespace LangGuard.Tests.Testing;

public sealed class FunctionsConformanceTests
{
    private static readonly FunctionCallExample[] Calls =
    [
        new("send_mail", """{"to":"ada@contoso.test","subject":"Hi","body":"; DROP TABLE x"}"""),
        new("fetch", """{"url":"https://api.contoso.test/v1"}"""),
        new("save", """{"path":"/kb/drafts/note.md","mode":"new","count":3,"code":"AB-12","title":"Short"}"""),
        new("now", "{}"),
    ];

    [Fact]
    public async Task Functions_with_rules_hold()
    {
        var report = await PolicyConformance.FunctionsAsync(Support, Calls);

        report.ShouldHold();
        report.ToString().Should().StartWith("Functions: ").And.Contain(" and 4 permitted operations: 0 bypasses, 0 false denials, 0 errors;");
        report.Results.Where(result => result.IsAttack).Select(result => result.Technique).Distinct().Should().BeEquivalentTo(
            "another function", "changed description", "missing argument", "another case", "given twice", "unlisted argument", "another shape",
            "another address", "another host", "another path", "out of range", "another value", "no match", "too long");
        report.Results.Count(result => result.IsAttack).Should().BeGreaterThan(250);
        report.Results.Where(result => result.IsAttack).Should().OnlyContain(result => result.Rule != null && result.Rule.StartsWith("functions."));
    }

    [Theory]
    [InlineData(Wall.FunctionPermissions, "another function")]
    [InlineData(Wall.FunctionArguments, "another address")]
    [InlineData(Wall.FunctionArguments, "another path")]
    [InlineData(Wall.FunctionArguments, "out of range")]
    [InlineData(Wall.FunctionArguments, "missing argument")]
    [InlineData(Wall.FunctionArguments, "unlisted argument")]
    internal async Task Broken_walls_are_reported(Wall wall, string technique)
    {
        var report = await PolicyConformance.FunctionsAsync(guard => Support(guard.SwitchOff(wall)), Calls);

        report.Bypasses.Select(result => result.Technique).Should().Contain(technique);
        report.Invoking(it => it.ShouldHold()).Should().Throw<GuardAssertionException>()
            .WithMessage("Functions: *Attacks that took effect:\n  fn-*was called with *");
    }

    [Fact]
    public async Task A_rule_that_is_wider_than_it_looks_is_no_surprise_and_one_that_refuses_the_honest_call_is()
    {
        var report = await PolicyConformance.FunctionsAsync(
            guard => guard.LimitPermissions(allow => allow.Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test")))),
            Calls[..1]);

        report.Bypasses.Should().BeEmpty();
        report.FalseDenials.Should().ContainSingle().Which.Rule.Should().Be("functions.unlisted-argument");
    }

    [Fact]
    public async Task A_person_who_is_asked_is_no_false_denial()
    {
        var report = await PolicyConformance.FunctionsAsync(
            guard => Support(guard.AnticipateMisuse(misuse => misuse.RequireApproval(approval => approval.ForFunction("send_mail")))), Calls);

        report.ShouldHold();
        report.Results.Should().Contain(result => !result.IsAttack && result.Seen == "a person is asked: approval.required");
    }

    [Fact]
    public async Task Every_granted_function_needs_an_honest_call() =>
        (await FluentActions.Awaiting(() => PolicyConformance.FunctionsAsync(Support, Calls[1..])).Should().ThrowAsync<ArgumentException>())
            .WithMessage("There is no honest call of 'send_mail'.*");

    [Fact]
    public async Task A_call_of_what_is_not_granted_is_an_error() =>
        (await FluentActions.Awaiting(() => PolicyConformance.FunctionsAsync(Support, [.. Calls, new("wipe", "{}")])).Should().ThrowAsync<ArgumentException>())
            .WithMessage("The policy grants no function 'wipe'; it grants fetch, now, save, send_mail.");

    [Theory]
    [InlineData("[]", "The arguments of 'now' are no JSON object.")]
    [InlineData("{", "The arguments of 'now' are no JSON: *")]
    public async Task Arguments_that_are_none_are_an_error(string arguments, string message) =>
        (await FluentActions.Awaiting(() => PolicyConformance.FunctionsAsync(
            guard => guard.LimitPermissions(allow => allow.Function("now", _ => { })), [new("now", arguments)])).Should().ThrowAsync<ArgumentException>())
            .WithMessage(message);

    private static void Support(PolicyBuilder guard) => guard.LimitPermissions(allow => allow
        .Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test")).Any("subject", "body"))
        .Function("fetch", f => f.Require("url", ArgumentRule.Host("api.contoso.test")).OnlyReads())
        .Function("save", f => f
            .Require("path", ArgumentRule.Under("/kb/drafts"))
            .Require("mode", ArgumentRule.OneOf("new", "append"))
            .Require("count", ArgumentRule.Range(1, 10))
            .Require("code", ArgumentRule.Pattern("[A-Z]{2}-[0-9]{2}"))
            .Require("title", ArgumentRule.Text(20), ArgumentRule.Pattern("[^\\r\\n]*")))
        .Function("now", f => f.OnlyReads()));
}
