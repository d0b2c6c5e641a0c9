using LangGuard.Permissions;
using LangGuard.Tests.Files;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI;

/// <summary>Arguments that a tool takes for options, for folders elsewhere, or for a way to do by one tool what another may not.</summary>
public sealed class SteeringArgumentTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-repos-");
    private readonly AIFunction _diff;
    private readonly AIFunction _init;

    public SteeringArgumentTests()
    {
        _folder.CreateSubdirectory("repos/app");
        _folder.CreateSubdirectory("home");

        // As tools of version control do it: what begins with a dash is an option.
        _diff = AIFunctionFactory.Create(
            (string repo, string target) =>
            {
                if (target.TrimStart().StartsWith("--output=", StringComparison.Ordinal))
                {
                    File.WriteAllText(target.Split('=')[1], "overwritten");
                }

                return $"diff of {repo} to {target}";
            },
            "git_diff");
        _init = AIFunctionFactory.Create((string path) => Directory.CreateDirectory(Path.Combine(path, ".git")).FullName, "git_init");
    }

    private string Repos => Path.Combine(_folder.FullName, "repos");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_argument_that_a_tool_takes_for_an_option_is_denied()
    {
        var file = Path.Combine(_folder.FullName, "home", "profile");
        await _diff.InvokeAsync(new() { ["repo"] = Repos + "/app", ["target"] = "--output=" + file });
        File.ReadAllText(file).Should().Be("overwritten", "without a guard the tool does it");
        File.Delete(file);
        using var session = Session();
        var guarded = session.Guard(_diff);

        foreach (var target in new[] { "--output=" + file, " --output=" + file, "\t--output=" + file, "main --output=" + file, "-o", "--", "main\n--output=" + file, "" })
        {
            (await guarded.InvokeAsync(Json(("repo", Repos + "/app"), ("target", target)))).Rule().Should().Be("functions.argument", because: target);
        }

        (await guarded.InvokeAsync(Json(("repo", Repos + "/app"), ("target", "main"), ("flags", "--output=" + file)))).Rule().Should().Be("functions.unlisted-argument");
        File.Exists(file).Should().BeFalse();
        var result = await guarded.InvokeAsync(new AIFunctionArguments { ["repo"] = Repos + "/app", ["target"] = "feature/a-b" });
        result!.ToString().Should().Contain("to feature/a-b");
    }

    [Fact]
    public async Task A_repository_elsewhere_is_neither_read_nor_made()
    {
        await _init.InvokeAsync(new() { ["path"] = _folder.FullName + "/home" });
        Directory.Exists(_folder.FullName + "/home/.git").Should().BeTrue("without a guard the tool does it");
        Directory.Delete(_folder.FullName + "/home/.git");
        using var session = Session();

        foreach (var path in new[]
        {
            _folder.FullName + "/home", Repos + "/../home", Repos + "-evil", Repos + "/app/../../home", "/", "~", "home", Repos + "/./../home",
            Repos.ToUpperInvariant(), Repos + "\\..\\..\\home", "file://" + _folder.FullName + "/home", "--template=" + _folder.FullName,
        })
        {
            (await session.Guard(_init).InvokeAsync(Json(("path", path)))).Rule().Should().Be("functions.argument", because: path);
            (await session.Guard(_diff).InvokeAsync(Json(("repo", path), ("target", "main")))).Rule().Should().Be("functions.argument", because: path);
        }

        Directory.GetDirectories(_folder.FullName, ".git", SearchOption.AllDirectories).Should().BeEmpty();
        await session.Guard(_init).InvokeAsync(new AIFunctionArguments { ["path"] = Repos + "/app" });
        Directory.Exists(Repos + "/app/.git").Should().BeTrue();
    }

    [Fact]
    public async Task What_one_tool_may_not_do_no_other_does()
    {
        using var world = new FileWorld(files => files.Read("**").Write("src/**"));
        world.With("src/app.cs", "code").With("deploy.yml", "keep");
        Directory.CreateDirectory(world.In(".git/hooks"));
        var tools = world.Session.GetTools().ToDictionary(tool => tool.Name);
        tools["write_file"].Should().NotBeNull();

        foreach (var (name, arguments) in new[]
        {
            ("write_file", Json(("path", "/kb/deploy.yml"), ("content", "x"), ("overwrite", true))),
            ("edit_file", Json(("path", "/kb/deploy.yml"), ("old_text", "keep"), ("new_text", "x"))),
            ("move_file", Json(("from", "/kb/src/app.cs"), ("to", "/kb/deploy.yml"), ("overwrite", true))),
            ("move_file", Json(("from", "/kb/deploy.yml"), ("to", "/kb/src/deploy.yml"))),
            ("write_file", Json(("path", "/kb/.git/hooks/post-checkout"), ("content", "x"))),
            ("write_file", Json(("path", "/kb/src/.git/config"), ("content", "x"))),
        })
        {
            if (tools.TryGetValue(name, out var tool))
            {
                (await tool.InvokeAsync(arguments)).Status().Should().Be("denied", because: arguments);
            }
        }

        File.ReadAllText(world.In("deploy.yml")).Should().Be("keep");
        Directory.GetFiles(world.Root, "*", SearchOption.AllDirectories).Should().HaveCount(2);
        (await tools["write_file"].InvokeAsync(Json(("path", "/kb/src/new.cs"), ("content", "x")))).Status().Should().Be("ok");
    }

    private static string Json(params (string Name, object Value)[] arguments) =>
        System.Text.Json.JsonSerializer.Serialize(arguments.ToDictionary(argument => argument.Name, argument => argument.Value));

    private GuardSession Session() => Operations.SessionOf(guard => guard.LimitPermissions(allow => allow
        .Function("git_diff", f => f.OnlyReads().Trusted().Require("repo", ArgumentRule.Under(Repos)).Require("target", ArgumentRule.Pattern("[A-Za-z0-9][A-Za-z0-9._/-]*")))
        .Function("git_init", f => f.Does(Effects.Write).Require("path", ArgumentRule.Under(Repos)))));
}
