using System.Globalization;
using System.IO.Compression;
using System.Text;
using LangGuard.Misuse;
using LangGuard.Permissions;
using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Reads sixty pages, half of them packed, one behind a redirect, one after being asked to wait, and one that it has already.</summary>
internal sealed class PagingReader : Scenario
{
    private const int Pages = 60;
    private const int Moved = 7;
    private const int Busy = 9;
    private const int Known = 11;

    private int _turnedAway;
    private int _unchanged;
    private int _asked;
    private IReadOnlyList<string> _answers = [];

    internal override string User => $"List all items of http://api.items.test/items. Of page {Known} I have the one that is called page-{Known}.";

    internal override IReadOnlyList<string?> Rules => [];

    internal override async Task AnswerAsync(HttpContext context, string body)
    {
        var page = int.Parse(context.Request.Query["page"].FirstOrDefault() ?? "1", CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        context.Response.Headers.ETag = $"\"page-{page}\"";
        if (page == Moved && context.Request.Path == "/items")
        {
            context.Response.Redirect($"/v2/items?page={page}");
            return;
        }

        if (page == Busy && _turnedAway++ == 0)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "0";
            await context.Response.WriteAsync("{}");
            return;
        }

        if (context.Request.Headers.IfNoneMatch == $"\"page-{page}\"")
        {
            _unchanged++;
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var bytes = Encoding.UTF8.GetBytes($"{{\"items\": [\"item-{page}.\"], \"version\": \"page-{page}\", \"next\": \"/items?page={page + 1}\"}}");
        if (page % 2 == 0)
        {
            context.Response.Headers.ContentEncoding = "gzip";
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            {
                await gzip.WriteAsync(bytes);
            }

            bytes = packed.ToArray();
        }

        await context.Response.Body.WriteAsync(bytes);
    }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Http($"GET http://api.items.test:{world.Port}/items query page:int private 127.0.0.0/8")
        .Http($"GET http://api.items.test:{world.Port}/v2/items query page:int private 127.0.0.0/8"))
        .AnticipateMisuse(misuse => misuse
            .LimitUsage(usage => usage.Calls(100))
            .DetectLoops(loops => loops.Repeats(3))
            .RequireApproval(approval => approval.ForWrites().By(new DelegateApprover((_, _) =>
            {
                _asked++;
                return ValueTask.FromResult(ApprovalAnswer.Once);
            }))));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world)
    {
        Step Get(int page) => Step.Get($"http://api.items.test:{world.Port}/items?page={page}");
        return
        [
            .. Enumerable.Range(1, Pages).Select(page => Do(Get(page))),
            answers => answers[Busy - 1].Contains("\"http_status\":429", StringComparison.Ordinal) ? Get(Busy) : Get(Pages),
            Do(Get(Known).With("If-None-Match", $"\"page-{Known}\"")),
            answers =>
            {
                _answers = [.. answers];
                return Get(1);
            },
        ];
    }

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        for (var page = 1; page <= Pages; page++)
        {
            if (_answers.Count(answer => answer.Contains($"item-{page}.", StringComparison.Ordinal)) != 1)
            {
                yield return $"the items of page {page} are not there once";
            }
        }

        if (!_answers[^1].Contains("\"http_status\":304", StringComparison.Ordinal) || (_turnedAway, _unchanged, _asked) != (2, 1, 0))
        {
            yield return $"turned away {_turnedAway - 1} times, unchanged {_unchanged} times, asked {_asked} times";
        }

        if (world.Hosts.Requests.Count != Pages + 4)
        {
            yield return $"{world.Hosts.Requests.Count} requests arrived";
        }
    }
}
