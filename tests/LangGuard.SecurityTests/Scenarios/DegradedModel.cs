namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A model that gets names wrong, and finds its way by what the answers say.</summary>
internal sealed class DegradedModel : Scenario
{
    internal override string User => "What does the guide on refunds say?";

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world) => world.Write("kb/guides/refunds.md", "Thirty days.");

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Files("kb", world.At("kb"), files => files.Read("**")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(Step.Read("/kb/refunds.md")),
        Do(Step.Read("/kb/Guides/Refunds.md")),
        Do(Step.List("/kb/gudes")),
        Do(Step.List("/")),
        answers => Step.List(Part(answers[3], "/kb")),
        answers => Step.List(Part(answers[4], "/kb/guides")),
        answers => Step.Read(Part(answers[5], "/kb/guides/refunds.md")),
    ];

    // Only what the answer before has told.
    private static string Part(string answer, string name) => answer.Contains(name.Split('/')[^1], StringComparison.Ordinal) ? name : "/nothing";
}
