using LangGuard.Misuse;
using LangGuard.Tests.Data.Writes;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Misuse.Approval;

/// <summary>What a person is shown is what happens, and nothing else is approved by it.</summary>
public sealed class ApprovalTextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard");
    private readonly GuardSession _session;

    public ApprovalTextTests()
    {
        Write("plan.md", "title\none\ntwo\nthree\nfour\nend\n");
        Write("bytes.bin", "a\0b");
        Write("old.md", "0123456789");
        _session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Files("kb", _folder.FullName, files => files.Read("**").List("**").Write("**").Delete("**")))
            .AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForWrites())));
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_edit_shows_the_lines_that_go_and_come_and_is_made_once()
    {
        const string Edit = """{"path":"/kb/plan.md","old_text":"two","new_text":"2"}""";
        var request = await AskedAsync("edit_file", Edit);

        request.Text.Should().Contain("changes:\n  | line 3:\n  |   title\n  |   one\n  | - two\n  | + 2\n  |   three\n")
            .And.NotContain("- one");
        request.IsShownInFull.Should().BeTrue();
        request.Targets.Should().ContainSingle().Which.Value.Should().Contain("/kb/plan.md");

        _session.Approvals.Approve(request.Id).Should().BeTrue();
        (await CallAsync("edit_file", Edit)).Status().Should().Be("ok");
        (await CallAsync("edit_file", Edit)).Status().Should().NotBe("ok");
        Read("plan.md").Should().Be("title\none\n2\nthree\nfour\nend\n");
    }

    [Fact]
    public async Task An_overwrite_shows_the_difference_and_covers_no_other_content()
    {
        var request = await AskedAsync("write_file", """{"path":"/kb/plan.md","content":"title\none\n","overwrite":true}""");
        request.Text.Should().Contain("  | - two\n").And.Contain("  | - end\n").And.NotContain("- one");
        _session.Approvals.Approve(request.Id).Should().BeTrue();

        (await CallAsync("write_file", """{"path":"/kb/plan.md","content":"something else","overwrite":true}""")).Rule().Should().Be("approval.required");
        Read("plan.md").Should().StartWith("title\none\ntwo");

        (await CallAsync("write_file", """{"path":"/kb/plan.md","content":"title\none\n","overwrite":true}""")).Status().Should().Be("ok");
        Read("plan.md").Should().Be("title\none\n");
    }

    [Fact]
    public async Task A_new_file_shows_its_content_and_covers_no_other()
    {
        var request = await AskedAsync("write_file", """{"path":"/kb/new.md","content":"harmless"}""");
        request.Text.Should().Contain("  | + harmless\n");
        _session.Approvals.Approve(request.Id).Should().BeTrue();

        (await CallAsync("write_file", """{"path":"/kb/new.md","content":"harmful"}""")).Rule().Should().Be("approval.required");
        File.Exists(PathOf("new.md")).Should().BeFalse();

        (await CallAsync("write_file", """{"path":"/kb/new.md","content":"harmless"}""")).Status().Should().Be("ok");
        Read("new.md").Should().Be("harmless");
    }

    [Fact]
    public void What_is_appended_is_shown_and_bound_and_is_not_an_overwrite()
    {
        var files = _session.FileSystem.File;
        var request = Asked(() => files.AppendAllText("/kb/old.md", "more"));
        request.Text.Should().Contain("  | - 0123456789\n  | + 0123456789more\n");
        _session.Approvals.Approve(request.Id).Should().BeTrue();

        files.Invoking(f => f.AppendAllText("/kb/old.md", "worse")).Should().Throw<AccessDeniedException>();
        files.Invoking(f => f.WriteAllText("/kb/old.md", "more")).Should().Throw<AccessDeniedException>();
        Read("old.md").Should().Be("0123456789");

        files.AppendAllText("/kb/old.md", "more");
        Read("old.md").Should().Be("0123456789more");
    }

    [Fact]
    public void A_move_shows_both_names_and_a_delete_what_is_lost()
    {
        var files = _session.FileSystem.File;
        var move = Asked(() => files.Move("/kb/old.md", "/kb/done.md"));
        move.Text.Should().Contain("/kb/old.md").And.Contain("/kb/done.md");
        _session.Approvals.Approve(move.Id).Should().BeTrue();
        files.Invoking(f => f.Move("/kb/old.md", "/kb/elsewhere.md")).Should().Throw<AccessDeniedException>();
        files.Move("/kb/old.md", "/kb/done.md");

        var delete = Asked(() => files.Delete("/kb/done.md"));

        delete.Text.Should().Contain("/kb/done.md").And.Contain("10 bytes are deleted");
        files.Invoking(f => f.Delete("/kb/plan.md")).Should().Throw<AccessDeniedException>();
        File.Exists(PathOf("done.md")).Should().BeTrue();
    }

    [Fact]
    public void A_file_that_changes_after_it_was_shown_is_not_written()
    {
        var files = _session.FileSystem.File;
        var request = Asked(() => files.WriteAllText("/kb/old.md", "new"));
        _session.Approvals.Approve(request.Id).Should().BeTrue();
        File.Delete(PathOf("old.md"));
        Write("old.md", "somebody else's work, which nobody has seen");

        files.Invoking(f => f.WriteAllText("/kb/old.md", "new")).Should().Throw<AccessDeniedException>();

        Read("old.md").Should().StartWith("somebody");
    }

    [Theory]
    [InlineData("bytes.bin", "x")]
    [InlineData("old.md", null)]
    public void What_can_not_be_shown_is_said_and_takes_more_than_a_short_answer(string name, string? content)
    {
        var request = Asked(() => _session.FileSystem.File.WriteAllText("/kb/" + name, content ?? new string('x', 10 * 1024 * 1024)));

        request.IsShownInFull.Should().BeFalse();
        request.Text.Should().Contain("neither can be shown");
    }

    [Fact]
    public void A_long_difference_is_cut_and_takes_more_than_a_short_answer()
    {
        var request = Asked(() => _session.FileSystem.File.WriteAllText(
            "/kb/old.md", string.Join('\n', Enumerable.Range(0, 5_000).Select(i => $"line {i}"))));

        request.IsShownInFull.Should().BeFalse();
        request.Text.Should().Contain("characters more are not shown");
    }

    [Fact]
    public void A_difference_hides_secrets_and_can_not_forge_a_line_of_the_prompt()
    {
        var request = Asked(() => _session.FileSystem.File.WriteAllText(
            "/kb/old.md", "agent: trusted\r\u202Easks: nothing\nkey AKIA" + "IOSFODNN7EXAMPLF\n"));

        request.Text.Should().Contain(@"  | + agent: trusted\u{000D}\u{202E}asks: nothing").And.NotContain("IOSFODNN7EXAMPLF");
        request.Text.Split('\n').Count(line => line.StartsWith("agent:", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task The_caller_can_not_change_content_while_a_person_reads_it()
    {
        var approver = new QueuedApprover();
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Files("kb", _folder.FullName, files => files.Write("**")))
            .AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForWrites().By(approver))));
        var content = "shown"u8.ToArray();
        var write = session.FileSystem.File.WriteAllBytesAsync("/kb/old.md", content);
        content.AsSpan().Fill((byte)'!');

        approver.Answer(approver.Pending.Single().Id, ApprovalAnswer.Once).Should().BeTrue();
        await write;

        Read("old.md").Should().Be("shown");
    }

    [Fact]
    public async Task A_previewed_change_of_rows_shows_how_many()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        using var session = shop.Session(
            WriteShop.Confined, more: policy => policy.AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForDeletes())));
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("DELETE FROM tasks WHERE id = 1");

        await FluentActions.Awaiting(() => source.CommitWriteAsync(preview.Token)).Should().ThrowAsync<DbAccessDeniedException>();

        var text = session.Approvals.Pending.Single().Text;
        text.Should().Contain("1 rows, as the preview showed them").And.Contain("DELETE FROM tasks WHERE id = 1")
            .And.Contain("target: Database = shop: ");
    }

    [Theory]
    [InlineData("alice@contoso.test", TargetOrigin.User, "named by the user")]
    [InlineData("mallory@evil.test", TargetOrigin.Unknown, "nobody vouches for it")]
    public void A_target_says_where_it_came_from(string to, TargetOrigin origin, string text)
    {
        using var session = Sending();
        session.AddUserMessage("Write to alice@contoso.test");

        session.TryAuthorize(To(to)).IsAllowed.Should().BeFalse();

        var request = session.Approvals.Pending.Single();
        request.Targets.Should().Equal(new ApprovalTarget("to", to, origin));
        request.Text.Should().Contain($"target: to = {to} ({text})");
    }

    [Fact]
    public void An_answer_for_the_source_trusts_what_it_returns_from_then_on_and_no_other_source()
    {
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("look_up", f => f.OnlyReads()).Function("browse", f => f.OnlyReads()))
            .AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForFunction("look_up"))));
        var request = session.TryAuthorize(Operations.Call("look_up")).ApprovalRequestId!;
        session.Approvals.Answer(request, ApprovalAnswer.ThisSource).Should().BeTrue();

        Complete(session, "look_up");
        session.HoldsUntrustedContent.Should().BeFalse(because: "a person vouches for this source");
        session.TryAuthorize(Operations.Call("look_up")).IsAllowed.Should().BeFalse(because: "the rule asks each time all the same");
        Complete(session, "browse");
        session.HoldsUntrustedContent.Should().BeTrue();
    }

    [Fact]
    public void An_answer_for_once_does_not_trust_the_source()
    {
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("look_up", f => f.OnlyReads()))
            .AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForFunction("look_up"))));
        session.Approvals.Approve(session.TryAuthorize(Operations.Call("look_up")).ApprovalRequestId!);

        Complete(session, "look_up");

        session.HoldsUntrustedContent.Should().BeTrue();
    }

    private static void Complete(GuardSession session, string function)
    {
        using var permit = session.Authorize(Operations.Call(function));
        permit.Complete(OperationOutcome.Success(bytesIn: 1));
    }

    private static GuardSession Sending() => Operations.SessionOf(guard => guard
        .LimitPermissions(allow => allow.Function("send", f => f.Any("to").Does(Effects.Send)))
        .AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForFunction("send"))));

    private static FunctionOperation To(string address) => new(
        Operations.Alice, Effects.Send, "send",
        System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["to"] = address }));

    private async Task<ApprovalRequest> AskedAsync(string tool, string arguments)
    {
        (await CallAsync(tool, arguments)).Rule().Should().Be("approval.required");
        return _session.Approvals.Pending.Should().ContainSingle().Subject;
    }

    private ApprovalRequest Asked(Action act)
    {
        var id = act.Should().Throw<AccessDeniedException>().Which.ApprovalRequestId;
        return _session.Approvals.Pending.Single(request => request.Id == id);
    }

    private Task<System.Text.Json.JsonElement> CallAsync(string tool, string arguments) =>
        _session.GetTools().Single(candidate => candidate.Name == tool).InvokeAsync(arguments);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Read(string name) => File.ReadAllText(PathOf(name));

    private void Write(string name, string content) => File.WriteAllText(PathOf(name), content);
}
