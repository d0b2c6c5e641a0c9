using LangGuard.Auditing;
using LangGuard.Misuse;
using LangGuard.Permissions;
using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Makes one ticket after a person has approved it, and takes it back by the call that the desk has for that, which a person
/// approves too.</summary>
internal sealed class ApprovedTicket : Scenario
{
    private const string Key = "lamp-2026-11-30";

    private readonly List<string> _asked = [];
    private readonly HashSet<string> _tickets = [];

    internal override string User => "Make a ticket for the broken lamp. No, take it back.";

    internal override IReadOnlyList<string?> Rules => [];

    internal override Task AnswerAsync(HttpContext context, string body)
    {
        if (context.Request.Method == HttpMethods.Post)
        {
            _tickets.Add("17");
        }
        else
        {
            _tickets.Remove(context.Request.Path.Value!.Split('/')[^1]);
        }

        return context.Response.WriteAsync("{\"id\": 17}");
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Http($"POST http://desk.test:{world.Port}/tickets private 127.0.0.0/8", rule => rule.JsonBody("""
            {"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "maxLength": 100}}, "additionalProperties": false}
            """))
        .Http($"DELETE http://desk.test:{world.Port}/tickets/{{id:int}} private 127.0.0.0/8"))
        .AnticipateMisuse(misuse => misuse.RequireApproval(approval => approval.For(Effects.Send | Effects.Delete).By(new DelegateApprover((request, _) =>
        {
            _asked.Add(request.Id);
            return ValueTask.FromResult(ApprovalAnswer.Once);
        }))));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(Step.Post($"http://desk.test:{world.Port}/tickets", "{\"title\": \"The lamp is broken\"}").With("Idempotency-Key", Key)),
        Do(new Step("http_request", ("url", $"http://desk.test:{world.Port}/tickets/17"), ("method", "DELETE"))),
    ];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        var posts = world.Hosts.Requests.Where(request => request.StartsWith("POST ", StringComparison.Ordinal)).ToList();
        if (posts is not [{ } post] || !post.Contains($"Idempotency-Key: {Key}\n", StringComparison.Ordinal))
        {
            yield return $"{posts.Count} posts, or one without its key";
        }

        if (world.Hosts.Requests.Count != 2 || _tickets.Count != 0)
        {
            yield return $"{world.Hosts.Requests.Count} requests, {_tickets.Count} tickets are left";
        }

        var approved = world.Audit.Decisions.Where(record => record.Decision.IsAllowed).Select(record => record.ApprovalId).ToList();
        if (_asked.Count != 2 || !approved.SequenceEqual(_asked))
        {
            yield return $"asked for {string.Join(", ", _asked)}, in the audit {string.Join(", ", approved)}";
        }
    }
}
