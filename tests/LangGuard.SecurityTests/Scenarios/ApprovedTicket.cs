using LangGuard.Misuse;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Makes one ticket after a person has approved it.</summary>
internal sealed class ApprovedTicket : Scenario
{
    private int _asked;

    internal override string User => "Make a ticket for the broken lamp.";

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Http($"POST http://desk.test:{world.Port}/tickets private 127.0.0.0/8", rule => rule.JsonBody("""
            {"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "maxLength": 100}}, "additionalProperties": false}
            """)))
        .AnticipateMisuse(misuse => misuse.RequireApproval(approval => approval.For(Effects.Send).By(new DelegateApprover((request, _) =>
        {
            _asked++;
            return ValueTask.FromResult(ApprovalAnswer.Once);
        }))));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
        [Do(Step.Post($"http://desk.test:{world.Port}/tickets", "{\"title\": \"The lamp is broken\"}"))];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world) =>
        (_asked, world.Hosts.Requests.Count) == (1, 1) ? [] : [$"asked {_asked} times, {world.Hosts.Requests.Count} requests"];
}
