using LangGuard.Misuse;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Misuse.Approval;

/// <summary>An approval is for one effect: not for a tool, and not for what has no arguments yet.</summary>
public sealed class StandingApprovalTests
{
    private readonly List<string> _done = [];

    public static TheoryData<string, ApprovalAnswer> Answers
    {
        get
        {
            var data = new TheoryData<string, ApprovalAnswer>();
            foreach (var store in new[] { "memory", "sqlite" })
            {
                data.Add(store, ApprovalAnswer.Once);
                data.Add(store, ApprovalAnswer.ThisValue);
                data.Add(store, ApprovalAnswer.ThisSource);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_approval_of_a_call_without_arguments_covers_no_call_with_arguments(string store, ApprovalAnswer answer)
    {
        await using var made = ApprovalStores.Make(store);
        using var session = SessionOf(made.Store);
        var deploy = session.Guard(AIFunctionFactory.Create((string? target = null, bool force = false) => _done.Add($"{target} {force}"), "deploy"));
        (await ApproveAsync(session, deploy, "{}", answer)).Should().BeTrue();

        foreach (var arguments in new[]
        {
            """{"target":"production"}""", """{"target":"production","force":true}""", """{"force":true}""", """{"target":""}""", """{"target":null}""",
        })
        {
            (await deploy.InvokeAsync(arguments)).Rule().Should().Be("approval.required", because: arguments);
        }

        _done.Should().BeEmpty();
        await deploy.InvokeAsync(new AIFunctionArguments());
        _done.Should().Equal(" False");
        (await deploy.InvokeAsync("{}")).Rule().Should().Be("approval.required", because: "once is once");
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_approval_of_one_call_covers_no_other_call_of_the_tool(string store, ApprovalAnswer answer)
    {
        await using var made = ApprovalStores.Make(store);
        using var session = SessionOf(made.Store);
        var run = session.Guard(AIFunctionFactory.Create((string command) => _done.Add(command), "run"));
        (await ApproveAsync(session, run, """{"command":"ls"}""", answer)).Should().BeTrue();

        foreach (var command in new[] { "rm -rf /", "ls; rm -rf /", "LS", "ls ", " ls", "l\\u0073\\u200b", "" })
        {
            (await run.InvokeAsync($$"""{"command":"{{command}}"}""")).Rule().Should().Be("approval.required", because: command);
        }

        using (var other = SessionOf(made.Store))
        {
            (await other.Guard(AIFunctionFactory.Create((string command) => _done.Add(command), "run")).InvokeAsync("""{"command":"ls"}""")).Rule()
                .Should().Be("approval.required", "it is the approval of another conversation");
        }

        _done.Should().BeEmpty();
        await run.InvokeAsync(new AIFunctionArguments { ["command"] = "ls" });
        _done.Should().Equal("ls");
        (await run.InvokeAsync("""{"command":"ls"}""")).Rule().Should().Be("approval.required");
    }

    private static GuardSession SessionOf(IApprovalStore store) => Operations.SessionOf(policy => policy
        .LimitPermissions(allow => allow
            .Function("deploy", f => f.Any("target", "force").Does(Effects.Write))
            .Function("run", f => f.Any("command").Does(Effects.Write)))
        .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForFunction("deploy").ForFunction("run").KeepIn(store))));

    private static async Task<bool> ApproveAsync(GuardSession session, AIFunction tool, string arguments, ApprovalAnswer answer)
    {
        (await tool.InvokeAsync(arguments)).Rule().Should().Be("approval.required");
        return session.Approvals.Answer(session.Approvals.Pending.Single().Id, answer);
    }
}
