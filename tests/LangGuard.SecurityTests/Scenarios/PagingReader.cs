using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Reads sixty pages, one of them behind a redirect and one after being asked to wait.</summary>
internal sealed class PagingReader : Scenario
{
    private int _turnedAway;

    internal override string User => "List all items of http://api.items.test/items.";

    internal override IReadOnlyList<string?> Rules => [];

    internal override Task AnswerAsync(HttpContext context, string body)
    {
        var page = int.Parse(context.Request.Query["page"].FirstOrDefault() ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        context.Response.Headers.ETag = $"\"page-{page}\"";
        if (page == 7 && context.Request.Path == "/items")
        {
            context.Response.Redirect($"/v2/items?page={page}");
            return Task.CompletedTask;
        }

        if (page == 9 && _turnedAway++ == 0)
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "0";
            return context.Response.WriteAsync("{}");
        }

        return context.Response.WriteAsync($"{{\"items\": [\"item-{page}\"], \"next\": \"/items?page={page + 1}\"}}");
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Http($"GET http://api.items.test:{world.Port}/items query page:int private 127.0.0.0/8")
        .Http($"GET http://api.items.test:{world.Port}/v2/items query page:int private 127.0.0.0/8"));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
        [.. Enumerable.Range(1, 60).Append(9).Select(page => Do(Step.Get($"http://api.items.test:{world.Port}/items?page={page}")))];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        var pages = world.Hosts.Requests.Select(request => request.Split('\n')[0]).Distinct().Count();
        return pages == 61 ? [] : [$"{pages} different requests arrived"];
    }
}
