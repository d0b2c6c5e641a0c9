using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.Files;

public sealed class FileToolsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard");
    private readonly GuardSession _session;

    public FileToolsTests()
    {
        Write("kb/guide.md", "first line\nsecond line about refunds\nthird line\n");
        Write("kb/drafts/old.md", "old draft");
        Write("kb/private/key.txt", "not granted: refunds");
        Write("secret.txt", "outside");
        _session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow
            .Files("kb", Path.Combine(_folder.FullName, "kb"), files => files
                .List("**").Read("*.md").Read("drafts/**").Write("drafts/**").Delete("drafts/**"))));
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Reads_whole_and_in_part()
    {
        (await Call("read_file", """{"path":"/kb/guide.md"}""")).GetProperty("content").GetString()
            .Should().Contain("first line\nsecond line");
        var part = await Call("read_file", """{"path":"/kb/guide.md","first_line":2,"max_lines":1}""");
        part.GetProperty("content").GetString().Should().Contain("second").And.NotContain("first").And.NotContain("third");
        _session.HoldsUntrustedContent.Should().BeTrue();
    }

    [Theory]
    [InlineData("/kb/../secret.txt")]
    [InlineData("/secret.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("../secret.txt")]
    [InlineData("/kb/private/key.txt")]
    [InlineData("/kb/private/missing.txt")]
    public async Task What_is_not_granted_is_denied_without_host_paths(string path)
    {
        var result = await Call("read_file", $$"""{"path":"{{path}}"}""");

        result.Status().Should().Be("denied");
        result.Rule().Should().StartWith("files.");
        result.GetRawText().Should().NotContain(_folder.FullName).And.NotContain("outside\"");
    }

    [Fact]
    public async Task A_missing_file_inside_the_scope_is_missing()
    {
        var result = await Call("read_file", """{"path":"/kb/drafts/none.md"}""");

        result.Status().Should().Be("error");
        result.GetProperty("reason").GetString().Should().Be("There is no such file.");
    }

    /// <summary>What is not there is not there by waiting either.</summary>
    [Theory]
    [InlineData("read_file", "/kb/drafts/none.md", "There is no such file.")]
    [InlineData("read_file", "drafts/none/old.md", "An absolute path begins with /kb.")]
    [InlineData("list_files", "/kb/drafts/none", "An absolute path begins with /kb.")]
    public async Task A_wrong_path_says_how_to_mend_it(string tool, string path, string reason)
    {
        var result = await Call(tool, $$"""{"path":"{{path}}"}""");

        result.Status().Should().Be("error");
        result.GetProperty("reason").GetString().Should().Contain(reason);
        result.GetProperty("retry").GetString().Should().Be("change-arguments");
    }

    [Theory]
    [InlineData("/kb/guide.md")]
    [InlineData("guide.md")]
    [InlineData("./guide.md")]
    [InlineData("/kb//guide.md")]
    [InlineData("/kb/drafts/../guide.md")]
    public async Task Finds_text_in_one_file(string path)
    {
        var found = await Call("search_files", $$"""{"text":"refunds","path":"{{path}}"}""");

        found.GetProperty("matches")[0].GetProperty("path").GetString().Should().Be("/kb/guide.md");
        found.GetProperty("files_searched").GetInt32().Should().Be(1);
    }

    [Theory]
    [InlineData("/kb/private/key.txt")]
    [InlineData("/secret.txt")]
    [InlineData("/kb/../secret.txt")]
    public async Task A_search_in_one_file_is_denied_like_reading_it(string path)
    {
        var result = await Call("search_files", $$"""{"text":"refunds","path":"{{path}}"}""");

        result.Status().Should().Be("denied");
        result.Rule().Should().StartWith("files.");
    }

    [Theory]
    [InlineData("\"2\"", "\"1\"")]
    [InlineData("2.0", "1")]
    public async Task Takes_numbers_as_a_model_writes_them(string first, string most)
    {
        var part = await Call("read_file", $$"""{"path":"/kb/guide.md","first_line":{{first}},"max_lines":{{most}}}""");

        part.GetProperty("content").GetString().Should().Contain("second").And.NotContain("first line").And.NotContain("third");
    }

    [Theory]
    [InlineData("\"-1\"")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e30")]
    [InlineData("\"1e1\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("[1]")]
    public async Task Refuses_what_is_no_number(string first) =>
        (await Call("read_file", $$"""{"path":"/kb/guide.md","first_line":{{first}}}""")).Status().Should().Be("error");

    [Fact]
    public async Task Writes_json_that_a_model_gave_as_an_object()
    {
        var written = await Call("write_file", """{"path":"/kb/drafts/a.json","content":{"b": [1, "c"]}}""");

        written.Status().Should().Be("ok");
        File.ReadAllText(Path.Combine(_folder.FullName, "kb/drafts/a.json")).Should().Be("""{"b": [1, "c"]}""");
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_when_that_is_said()
    {
        var refused = await Call("write_file", """{"path":"/kb/drafts/old.md","content":"new"}""");
        refused.GetProperty("reason").GetString().Should().Contain("overwrite");
        refused.GetProperty("retry").GetString().Should().Be("change-arguments");
        File.ReadAllText(Path.Combine(_folder.FullName, "kb/drafts/old.md")).Should().Be("old draft");

        (await Call("write_file", """{"path":"/kb/drafts/old.md","content":"new","overwrite":"true"}""")).Status().Should().Be("ok");
        File.ReadAllText(Path.Combine(_folder.FullName, "kb/drafts/old.md")).Should().Be("new");
    }

    [Fact]
    public async Task Lists_the_roots_and_what_may_be_seen()
    {
        (await Call("list_files", "{}")).GetProperty("roots").EnumerateArray().Select(root => root.GetString())
            .Should().Equal("/kb");
        var entries = await Call("list_files", """{"path":"/kb/drafts"}""");
        entries.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("path").GetString())
            .Should().Equal("/kb/drafts/old.md");
    }

    [Fact]
    public async Task Finds_text_only_where_it_may_read()
    {
        var found = await Call("search_files", """{"text":"REFUNDS"}""");

        found.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("path").GetString())
            .Should().Equal("/kb/guide.md");
        found.GetProperty("matches")[0].GetProperty("line").GetInt32().Should().Be(2);
    }

    [Theory]
    [InlineData("../*")]
    [InlineData("..\\\\*")]
    public async Task A_name_to_search_for_is_no_path(string pattern) =>
        (await Call("search_files", $$"""{"text":"x","file_name":"{{pattern}}"}""")).Status().Should().Be("error");

    [Fact]
    public async Task Writes_new_files_and_their_directories_and_replaces_only_when_told()
    {
        (await Call("write_file", """{"path":"/kb/drafts/deep/new.md","content":"hällo"}""")).Status().Should().Be("ok");
        (await Call("write_file", """{"path":"/kb/drafts/old.md","content":"x"}""")).Status().Should().Be("error");
        Read("kb/drafts/old.md").Should().Be("old draft");
        (await Call("write_file", """{"path":"/kb/drafts/old.md","content":"x","overwrite":true}""")).Status().Should().Be("ok");

        Read("kb/drafts/old.md").Should().Be("x");
        Read("kb/drafts/deep/new.md").Should().Be("hällo");
    }

    [Fact]
    public async Task Denied_writes_change_nothing()
    {
        (await Call("write_file", """{"path":"/kb/guide.md","content":"x","overwrite":true}""")).Status().Should().Be("denied");
        (await Call("edit_file", """{"path":"/kb/guide.md","old_text":"first","new_text":"x"}""")).Status().Should().Be("denied");
        (await Call("delete_file", """{"path":"/kb/guide.md"}""")).Status().Should().Be("denied");
        (await Call("move_file", """{"from":"/kb/guide.md","to":"/kb/drafts/g.md"}""")).Status().Should().Be("denied");

        Read("kb/guide.md").Should().StartWith("first line");
    }

    [Fact]
    public async Task Edits_what_occurs_once()
    {
        Write("kb/drafts/e.md", "\ufeffa b a\r\n");

        (await Call("edit_file", """{"path":"/kb/drafts/e.md","old_text":"a","new_text":"c"}""")).Status().Should().Be("error");
        (await Call("edit_file", """{"path":"/kb/drafts/e.md","old_text":"z","new_text":"c"}""")).Status().Should().Be("error");
        (await Call("edit_file", """{"path":"/kb/drafts/e.md","old_text":"b","new_text":"c"}""")).Status().Should().Be("ok");
        (await Call("edit_file", """{"path":"/kb/drafts/e.md","old_text":"a","new_text":"d","all":true}""")).Status().Should().Be("ok");

        File.ReadAllBytes(Host("kb/drafts/e.md")).Should().Equal([0xEF, 0xBB, 0xBF, .. "d c d\r\n"u8.ToArray()]);
    }

    [Fact]
    public async Task Moves_and_deletes()
    {
        _session.AddUserMessage("Rename drafts/old.md, then delete drafts/new.md.");
        (await Call("move_file", """{"from":"/kb/drafts/old.md","to":"/kb/drafts/new.md"}""")).Status().Should().Be("ok");
        File.Exists(Host("kb/drafts/old.md")).Should().BeFalse();
        (await Call("delete_file", """{"path":"/kb/drafts/new.md"}""")).Status().Should().Be("ok");
        File.Exists(Host("kb/drafts/new.md")).Should().BeFalse();
        (await Call("delete_file", """{"path":"/kb/drafts/new.md"}""")).Status().Should().Be("error");
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_not_read()
    {
        File.WriteAllBytes(Host("kb/drafts/b.md"), [1, 0, 2]);

        (await Call("read_file", """{"path":"/kb/drafts/b.md"}""")).Status().Should().Be("error");
    }

    [Fact]
    public void Only_what_can_be_allowed_is_offered()
    {
        _session.GetTools().Select(tool => tool.Name).Should().BeEquivalentTo(
            "list_files", "read_file", "search_files", "write_file", "edit_file", "move_file", "delete_file");
        using var readOnly = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow
            .Files("kb", Path.Combine(_folder.FullName, "kb"), files => files.Read("**"))));
        readOnly.GetTools().Select(tool => tool.Name).Should().BeEquivalentTo("list_files", "read_file", "search_files");
        using var child = _session.CreateChild(readOnly.Policy);
        child.GetTools().Select(tool => tool.Name).Should().BeEquivalentTo("list_files", "read_file", "search_files");
    }

    private Task<System.Text.Json.JsonElement> Call(string tool, string arguments) =>
        _session.GetTools().Single(candidate => candidate.Name == tool).InvokeAsync(arguments);

    private string Host(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Host(path))!);
        File.WriteAllText(Host(path), content);
    }

    private string Read(string path) => File.ReadAllText(Host(path));
}
