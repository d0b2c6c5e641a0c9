using LangGuard.Ablation;
using LangGuard.Auditing;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The attacks and mistakes from end to end: behind the guard, without it, and with each layer left out.</summary>
public sealed class AttackScenarioTests
{
    private static readonly Scenario[] All =
    [
        new SecretFileInQuery(), new SecretNoteInQuery(), new PageSaysDelete(), new RowsToPartner(), new DropTable(), new SchemaInDisguise(),
        new StagingToken(), new FrozenApp(), new MetadataAndRebinding(), new BudgetLoop(), new HugeFiles(), new SlowAndFat(), new CartesianJoin(),
        new LinksOutOfTheProject(), new TwinsAndHardLinks(), new ExchangedFolder(), new SmuggledApproval(), new OtherTenant(), new PoisonedTicket(),
        new SchemaInDisguiseOnPostgreSql(), new SchemaInDisguiseOnMySql(), new EndlessQueriesOnPostgreSql(), new EndlessQueriesOnMySql(),
        new UserAsksToDeleteFiles(), new UserAsksToWriteToAnApi(), new UserAsksToDropATable(),
    ];

    public static TheoryData<string> Names => [.. All.Select(scenario => scenario.Name)];

    public static TheoryData<string, string> WithoutOneLayer
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var scenario in All)
            {
                foreach (var wall in scenario.Walls)
                {
                    data.Add(scenario.Name, wall.ToString());
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Does_no_harm(string name)
    {
        var scenario = Of(name);
        await using var world = await ScenarioWorld.CreateAsync(scenario);
        var run = await world.RunGuardedAsync();

        run.Text.Should().Be(scenario.Claim, "the run ends like any other");
        world.Harm(run).Should().BeEmpty();
        var calls = scenario.Script(world).Count;
        run.Answers.Should().HaveCount(calls);
        if (scenario.Rules.Count > 0)
        {
            Enumerable.Range(0, calls).Select(i => scenario.Rules[i] == "*" ? "*" : run.RuleOf(i)).Should().Equal(scenario.Rules);
        }

        world.RecordedRules().Should().NotBeEmpty().And.NotContain(string.Empty);
        Enumerable.Range(0, calls).Select(run.RuleOf).OfType<string>().Except(["approval.required", .. world.RecordedRules()])
            .Should().BeEmpty("each denial that the model is told is recorded; what waits for a person by the rule that asks");
        world.Audit.Decisions.Should().OnlyContain(record => record.Sequence > 0);
        world.Audit.Decisions.Where(record => record.Decision.IsAllowed).Select(record => record.Sequence)
            .Should().BeEquivalentTo(world.Audit.Records.Where(record => record.Phase == AuditPhase.Outcome).Select(record => record.Sequence), "each effect has its end");
        world.OpenFiles().Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Does_harm_where_nothing_guards(string name)
    {
        await using var world = await ScenarioWorld.CreateAsync(Of(name));
        var run = await world.RunUnguardedAsync();

        world.Harm(run).Should().NotBeEmpty("else the scenario would prove nothing");
    }

    [Theory]
    [MemberData(nameof(WithoutOneLayer))]
    public async Task Does_no_harm_without_one_layer(string name, string wall)
    {
        await using var world = await ScenarioWorld.CreateAsync(Of(name));
        var run = await world.RunGuardedAsync(Enum.Parse<Wall>(wall));

        world.Harm(run).Should().BeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_exchanged_with_a_link_lets_plain_writes_out()
    {
        await using var world = await ScenarioWorld.CreateAsync(new ExchangedFolder());
        for (var i = 0; i < 100 && await File.ReadAllTextAsync(world.At("outside/keep.txt")) != "gone"; i++)
        {
            ExchangedFolder.WriteWhileExchanged(world, 2_000);
        }

        (await File.ReadAllTextAsync(world.At("outside/keep.txt"))).Should().Be("gone");
    }

    [Theory]
    [InlineData(typeof(SchemaInDisguiseOnPostgreSql))]
    [InlineData(typeof(SchemaInDisguiseOnMySql))]
    public void Each_text_takes_effect_where_nothing_guards(Type type)
    {
        var scenario = (ServerScenario)Activator.CreateInstance(type, nonPublic: true)!;
        foreach (var text in scenario.Texts)
        {
            using var database = ScenarioDatabase.Create(scenario.Engine, string.Empty);
            scenario.Plant(database);
            var run = () => database.Run(text);
            run.Should().NotThrow(text);
        }
    }

    // Anew for each run: some scenarios count.
    private static Scenario Of(string name) => (Scenario)Activator.CreateInstance(All.Single(scenario => scenario.Name == name).GetType(), nonPublic: true)!;
}
