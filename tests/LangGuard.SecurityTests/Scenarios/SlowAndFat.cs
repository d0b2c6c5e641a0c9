using System.Text;
using LangGuard.Permissions;
using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>An endpoint that drips, one without end, a bomb, and a circle of redirects.</summary>
internal sealed class SlowAndFat : Scenario
{
    private static readonly byte[] Bomb = Pack();

    internal override IReadOnlyList<string?> Rules => ["http.too-slow", "http.response-too-large", "*", "*"];

    internal int LongestAnswer { get; private set; }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Http($"GET http://slow.test:{world.Port}/** private 127.0.0.0/8 max-content 64KiB max-response 64KiB timeout 3s idle 1s trusted"));

    internal override async Task AnswerAsync(HttpContext context, string body)
    {
        switch (context.Request.Path)
        {
            case "/circle":
                context.Response.Redirect("/circle");
                break;
            case "/bomb":
                context.Response.Headers.ContentEncoding = "gzip";
                context.Response.ContentType = "text/plain";
                await context.Response.Body.WriteAsync(Bomb);
                break;
            default:
                context.Response.ContentType = "text/plain";
                var piece = Encoding.UTF8.GetBytes(new string('x', context.Request.Path == "/drip" ? 1 : 4096));
                for (var i = 0; i < 500 && !context.RequestAborted.IsCancellationRequested; i++)
                {
                    await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    if (context.Request.Path == "/drip")
                    {
                        await Task.Delay(20, context.RequestAborted);
                    }
                }

                break;
        }
    }

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world)
    {
        Func<IReadOnlyList<string>, Step> Get(string path) => answers =>
        {
            LongestAnswer = answers.Select(answer => answer.Length).DefaultIfEmpty().Max();
            return Step.Get($"http://slow.test:{world.Port}/{path}");
        };
        return [Get("drip"), Get("endless"), Get("bomb"), Get("circle")];
    }

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world) =>
        LongestAnswer <= 100_000 && world.Hosts.Requests.Count(request => request.Contains("/circle", StringComparison.Ordinal)) <= 6
            ? []
            : [$"{LongestAnswer} characters came back"];

    private static byte[] Pack()
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize))
        {
            gzip.Write(new byte[20_000_000]);
        }

        return packed.ToArray();
    }
}
