using System.Text.Json;
using System.Text.RegularExpressions;
using LangGuard.Journaling;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Honest work from end to end: it succeeds, with the same results as without a guard, and nobody is asked. Fifty users of a
/// web host at once are in the tests of the sample.</summary>
public sealed partial class BenignScenarioTests
{
    [Theory]
    [InlineData(typeof(ReportWriter))]
    [InlineData(typeof(SqlAnalyst))]
    [InlineData(typeof(PagingReader))]
    [InlineData(typeof(ApprovedTicket))]
    [InlineData(typeof(MaintenanceWindow))]
    public async Task Succeeds_and_asks_nothing(Type type)
    {
        var (world, run) = await RunAsync(type);
        await using (world)
        {
            run.Text.Should().Be("Done.");
            run.Answers.Should().OnlyContain(answer => Status(answer) == "ok");
            world.RecordedRules().Should().BeEmpty();
            world.Harm(run).Should().BeEmpty();
            world.OpenFiles().Should().BeEmpty();
        }
    }

    [Fact]
    public async Task An_analyst_gets_the_rows_that_the_engine_gives()
    {
        var (world, run) = await RunAsync(typeof(SqlAnalyst));
        await using (world)
        {
            var plain = await world.RunUnguardedAsync();
            for (var i = 0; i < SqlAnalyst.Queries.Length; i++)
            {
                using var answer = JsonDocument.Parse(run.Answers[i]);
                var rows = answer.RootElement.GetProperty("rows").EnumerateArray()
                    .Select(row => string.Join('|', row.EnumerateArray().Select(value => Marks().Replace(value.ToString(), string.Empty))));
                string.Join('\n', rows).Should().Be(plain.Answers[i].TrimEnd('\n'), SqlAnalyst.Queries[i]);
            }
        }
    }

    [Fact]
    public async Task A_maintenance_window_is_taken_back_by_its_journal_and_by_the_migration_that_undoes_it()
    {
        await using var world = await ScenarioWorld.CreateAsync(new MaintenanceWindow());
        await world.RunGuardedAsync(then: async session =>
        {
            session.DatabaseChanges("app").Undo().Refused.Should().BeEmpty();
            await session.Database("app").MigrateAsync("remove-note");
        });

        MaintenanceWindow.Columns(world).Should().Be(0L);
        world.Sql("SELECT count(*) FROM orders WHERE status = 'old'").Should().Be(2L);
    }

    [Fact]
    public async Task A_model_that_gets_names_wrong_gets_there_in_eight_turns()
    {
        var (world, run) = await RunAsync(typeof(DegradedModel));
        await using (world)
        {
            run.Answers.Should().HaveCountLessThan(8);
            run.Answers[^1].Should().Contain("Thirty days.");
            run.Answers.Take(3).Should().OnlyContain(answer => Status(answer) == "error" || Status(answer) == "denied");
        }
    }

    [Fact]
    public async Task Helpers_with_narrower_rights_change_folders_side_by_side_and_one_undo_takes_all_back()
    {
        var folder = Directory.CreateTempSubdirectory("langguard-scenario-");
        try
        {
            var names = new[] { "api", "web", "docs" };
            var root = folder.CreateSubdirectory("repo").FullName;
            foreach (var name in names)
            {
                Directory.CreateDirectory(Path.Combine(root, name));
                for (var i = 0; i < 10; i++)
                {
                    await File.WriteAllTextAsync(Path.Combine(root, name, $"{i}.txt"), "old name");
                }
            }

            Policy PolicyFor(string part) => Policy.Create(guard => guard
                .LimitPermissions(allow => allow.Files("repo", root, files => files.Read("**").Write(part).Trusted("**")))
                .DefendInDepth(defense => defense.KeepJournal(Path.Combine(folder.FullName, "journal"))));
            using var parent = GuardSession.Create(PolicyFor("**"), new Principal("ada"));
            await Parallel.ForEachAsync(names, async (name, stop) =>
            {
                using var child = parent.CreateChild(PolicyFor($"{name}/**"));
                for (var i = 0; i < 10; i++)
                {
                    await child.FileSystem.File.WriteAllTextAsync($"/repo/{name}/{i}.txt", "new name", stop);
                }

                var beside = () => child.FileSystem.File.WriteAllText($"/repo/{names.First(other => other != name)}/0.txt", "mine");
                beside.Should().Throw<AccessDeniedException>();
            });

            Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Should().HaveCount(30).And.OnlyContain(text => text == "new name");
            parent.Changes.Undo().Refused.Should().BeEmpty();
            Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Should().HaveCount(30).And.OnlyContain(text => text == "old name");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(ScenarioWorld World, ScenarioRun Run)> RunAsync(Type type)
    {
        var world = await ScenarioWorld.CreateAsync((Scenario)Activator.CreateInstance(type, nonPublic: true)!);
        return (world, await world.RunGuardedAsync());
    }

    // A model gets each text between marks that say that it is data.
    [GeneratedRegex(@"^\[langguard [^\]]*\]\n|\n\[langguard [^\]]*\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    private static string? Status(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("status").GetString();
    }
}
