using System.Text.Json;
using LangGuard.Permissions;
using LangGuard.Tests.Http;
using LangGuard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Files;

/// <summary>Names of files that a template, a response, a link or an instruction brings, on a real disk.</summary>
public sealed class NamesFromElsewhereTests
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0];

    [Fact]
    public void A_link_to_outside_is_not_read_listed_looked_at_copied_or_moved()
    {
        using var world = new FileWorld();
        world.With("prompts/good.json", "{}");
        var outside = Directory.CreateDirectory(Path.Combine(world.Folder, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "secret.json"), "OUTSIDE-SECRET");
        File.CreateSymbolicLink(world.In("prompts/file.json"), Path.Combine(outside, "secret.json"));
        File.CreateSymbolicLink(world.In("prompts/folder"), outside);
        File.CreateSymbolicLink(world.In("prompts/relative.json"), "../../outside/secret.json");
        File.CreateSymbolicLink(world.In("prompts/dangling.json"), Path.Combine(outside, "new.json"));
        File.ReadAllText(world.In("prompts/folder/secret.json")).Should().Be("OUTSIDE-SECRET", "without a guard the link is followed");
        var files = world.Guarded;

        files.File.ReadAllText("prompts/good.json").Should().Be("{}");
        foreach (var name in new[] { "prompts/file.json", "prompts/folder/secret.json", "prompts/relative.json" })
        {
            Refused(() => files.File.ReadAllText(name));
            Refused(() => files.File.OpenRead(name).Dispose());
            Refused(() => files.File.AppendAllText(name, "x"));
            Refused(() => files.File.Copy(name, "prompts/copy.json"));
            Refused(() => files.File.Copy("prompts/good.json", name, overwrite: true));
            Refused(() => _ = files.FileInfo.New(name).Length);
        }

        Refused(() => files.Directory.GetFileSystemEntries("prompts/folder"));
        Refused(() => files.File.Move("prompts/folder/secret.json", "prompts/mine.json"));
        Refused(() => files.File.Move("prompts/good.json", "prompts/folder/good.json"));
        Refused(() => files.File.WriteAllText("prompts/dangling.json", "x"));
        Refused(() => files.File.WriteAllText("prompts/folder/new.json", "x"));
        files.Directory.GetFiles("prompts", "*", SearchOption.AllDirectories).Should().NotContain(name => name.Contains("secret", StringComparison.Ordinal));

        Directory.GetFileSystemEntries(outside).Should().ContainSingle();
        File.ReadAllText(Path.Combine(outside, "secret.json")).Should().Be("OUTSIDE-SECRET");
        Directory.GetFiles(world.Root, "*", SearchOption.TopDirectoryOnly).Should().BeEmpty();
    }

    [Fact]
    public void A_rule_holds_for_the_target_of_a_link_and_not_for_its_name()
    {
        using var world = new FileWorld(files => files.Read("open/**").Write("open/**"));
        world.With("open/notes.md").With("closed/plan.md", "CLOSED");
        File.CreateSymbolicLink(world.In("open/plan.md"), "../closed/plan.md");
        File.CreateSymbolicLink(world.In("open/again.md"), "notes.md");
        File.CreateSymbolicLink(world.In("open/all"), "../closed");
        File.ReadAllText(world.In("open/plan.md")).Should().Be("CLOSED", "without a guard the link is followed");

        world.Guarded.File.ReadAllText("open/again.md").Should().Be("inside");
        Refused(() => world.Guarded.File.ReadAllText("open/plan.md"));
        Refused(() => world.Guarded.File.ReadAllText("open/all/plan.md"));
        Refused(() => world.Guarded.File.WriteAllText("open/plan.md", "x"));

        File.ReadAllText(world.In("closed/plan.md")).Should().Be("CLOSED");
    }

    [Fact]
    public void A_loop_of_links_ends()
    {
        using var world = new FileWorld();
        world.With("docs/a.md");
        File.CreateSymbolicLink(world.In("docs/one.md"), "two.md");
        File.CreateSymbolicLink(world.In("docs/two.md"), "one.md");
        File.CreateSymbolicLink(world.In("docs/self"), ".");
        File.CreateSymbolicLink(world.In("docs/up"), "..");

        Refused(() => world.Guarded.File.ReadAllText("docs/one.md"));
        Refused(() => world.Guarded.File.WriteAllText("docs/two.md", "x"));
        world.Guarded.Directory.GetFiles("/kb", "*.md", SearchOption.AllDirectories).Where(name => name.EndsWith("a.md", StringComparison.Ordinal)).Should().ContainSingle();
        world.Guarded.File.ReadAllText("docs/self/self/up/docs/a.md").Should().Be("inside");
        Refused(() => world.Guarded.File.ReadAllText("docs/" + string.Concat(Enumerable.Repeat("self/", 200)) + "a.md"));
    }

    [Fact]
    public void A_pattern_grants_and_denies_no_more_than_it_says()
    {
        using var world = new FileWorld(files => files.List("docs").Read("docs/*.md").Delete("logs/**").Deny("logs/*.audit"));
        world.With("docs/a.md").With("docs/deep/b.md").With("docs-old/c.md").With("logs/1.log").With("logs/2.audit");

        world.Guarded.Directory.GetFiles("docs", "*", SearchOption.AllDirectories).Should().ContainSingle();
        Refused(() => world.Guarded.File.ReadAllText("docs/deep/b.md"));
        Refused(() => world.Guarded.File.ReadAllText("docs-old/c.md"));
        Refused(() => world.Guarded.Directory.GetFiles("docs-old"));
        Refused(() => world.Guarded.File.Delete("logs/2.audit"));
        world.Guarded.File.Delete("logs/1.log");

        File.Exists(world.In("logs/1.log")).Should().BeFalse();
        File.Exists(world.In("logs/2.audit")).Should().BeTrue();
    }

    [Theory]
    [InlineData("logo.png", true)]
    [InlineData("sub/../logo.png", true)]
    [InlineData("{folder}/outside/secret.png", false)]
    [InlineData("../outside/secret.png", false)]
    [InlineData("sub/../../outside/secret.png", false)]
    [InlineData("..\\outside\\secret.png", false)]
    [InlineData("file://{folder}/outside/secret.png", false)]
    [InlineData("/proc/self/environ", false)]
    [InlineData("link.png", false)]
    [InlineData(".env", false)]
    public async Task A_picture_for_a_prompt_is_read_inside_the_scope_only(string path, bool works)
    {
        using var world = new FileWorld(files => files.Read("**"));
        Directory.CreateDirectory(world.In("sub"));
        File.WriteAllBytes(world.In("logo.png"), Picture);
        File.WriteAllBytes(world.In(".env"), Picture);
        Directory.CreateDirectory(Path.Combine(world.Folder, "outside"));
        var secret = Path.Combine(world.Folder, "outside", "secret.png");
        File.WriteAllBytes(secret, Picture);
        File.CreateSymbolicLink(world.In("link.png"), secret);
        var attach = AIFunctionFactory.Create(
            (string image) => new DataContent(world.Guarded.File.ReadAllBytes(image), "image/png").Uri, "attach");
        using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Function("attach", f => f.OnlyReads().Any("image").Trusted())));

        var result = JsonSerializer.Serialize(
            await session.Guard(attach).InvokeAsync(new() { ["image"] = path.Replace("{folder}", world.Folder, StringComparison.Ordinal) }));

        File.ReadAllBytes(secret).Should().Equal(Picture, "the host itself can read it");
        result.Contains("iVBORw0KGgo", StringComparison.Ordinal).Should().Be(works, because: result);
    }

    [Theory]
    [InlineData("report.txt", true)]
    [InlineData("a/b/../report.txt", true)]
    [InlineData("../outside/keep.txt", false)]
    [InlineData("a/../../outside/keep.txt", false)]
    [InlineData("{folder}/outside/keep.txt", false)]
    [InlineData("%2e%2e/outside/keep.txt", false)]
    [InlineData("/downloads-evil/keep.txt", false)]
    [InlineData(".git/hooks/pre-commit", false)]
    [InlineData(".vscode/mcp.json", false)]
    [InlineData("run.txt\u0000.sh", false)]
    public async Task A_name_in_a_response_is_no_better_than_any_other(string name, bool works)
    {
        using var world = new FileWorld(files => files.Write("**"));
        Directory.CreateDirectory(world.In("a/b"));
        var keep = Path.Combine(world.Folder, "outside", "keep.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(keep)!);
        File.WriteAllText(keep, "keep");
        await using var api = await HttpWorld.StartAsync(
            context => context.Response.WriteAsJsonAsync(new
            {
                name = name.Replace("{folder}", world.Folder, StringComparison.Ordinal),
                text = "stolen",
            }),
            "GET {api}/attachments/1");
        using var answer = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri($"{api.Api}/attachments/1")));
        var before = Directory.GetFileSystemEntries(world.Root, "*", SearchOption.AllDirectories);

        var save = () => world.Guarded.File.WriteAllText(answer.RootElement.GetProperty("name").GetString()!, answer.RootElement.GetProperty("text").GetString()!);

        if (works)
        {
            save();
            Directory.GetFiles(world.Root, "report.txt", SearchOption.AllDirectories).Should().ContainSingle();
        }
        else
        {
            Refused(save);
            Directory.GetFileSystemEntries(world.Root, "*", SearchOption.AllDirectories).Should().Equal(before);
        }

        File.ReadAllText(keep).Should().Be("keep");
        Directory.GetFileSystemEntries(world.Folder).Should().HaveCount(2);
    }

    private static void Refused(Action act) =>
        act.Should().Throw<Exception>().Which.Should().Match(error => error is AccessDeniedException || error is ArgumentException || error is IOException);
}
