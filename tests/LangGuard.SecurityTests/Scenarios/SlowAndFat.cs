using System.Diagnostics.CodeAnalysis;
using System.Text;
using LangGuard.Permissions;
using LangGuard.SecurityTests.Http;
using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>An endpoint that drips, one without end, a bomb, a circle of redirects, events that never stop, and headers that never do.
/// Each call ends, and its socket with it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A scenario ends with End.")]
internal sealed class SlowAndFat : Scenario
{
    private static readonly byte[] Bomb = Pack();

    private readonly ScriptedServer _headers = new(async (stream, _, cancellation) =>
    {
        await ScriptedServer.SayAsync(stream, "HTTP/1.1 200 OK\r\n");
        for (var i = 0; !cancellation.IsCancellationRequested; i++)
        {
            await ScriptedServer.SayAsync(stream, $"X-{i}: {new string('a', 1000)}\r\n");
        }
    });

    private bool _isGuarded;
    private int _open;

    internal override IReadOnlyList<string?> Rules =>
    [
        "http.too-slow", "http.response-too-large", "http.response-too-large", "http.too-many-redirects", "http.too-many-events", "http.response-too-large",
    ];

    internal int LongestAnswer { get; private set; }

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Http($"GET http://slow.test:{world.Port}/** private 127.0.0.0/8 max-content 64KiB max-response 64KiB timeout 3s idle 1s events 50 trusted")
        .Http($"GET http://slow.test:{_headers.Port}/** private 127.0.0.0/8 timeout 3s idle 1s"))
        .DefendInDepth(defense => defense.AllowUnguardedListener(_headers.Port));

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
                await GoOnAsync(context);
                break;
        }
    }

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world)
    {
        _isGuarded = world.Session is not null;
        Func<IReadOnlyList<string>, Step> Get(string path) => answers =>
        {
            LongestAnswer = answers.Select(answer => answer.Length).DefaultIfEmpty().Max();
            return Step.Get($"http://slow.test:{world.Port}/{path}");
        };
        return
        [
            Get("drip"), Get("endless"), Get("bomb"), Get("circle"), Get("events"),
            Do(Step.Get($"http://slow.test:{(world.Session is null ? world.Port : _headers.Port)}/headers")),
        ];
    }

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        if (LongestAnswer > 100_000 || world.Hosts.Requests.Count(request => request.Contains("/circle", StringComparison.Ordinal)) > 6)
        {
            yield return $"{LongestAnswer} characters came back";
        }

        // The servers talk until their peer has gone.
        if (world.Session is not null
            && !SpinWait.SpinUntil(() => Volatile.Read(ref _open) == 0 && _headers.PeerGone.Task.IsCompleted, TimeSpan.FromMinutes(1)))
        {
            yield return "a socket is still open";
        }
    }

    internal override void End() => _headers.Dispose();

    /// <summary>Goes on until the peer has gone; a peer that nothing guards is let off after a while.</summary>
    private async Task GoOnAsync(HttpContext context)
    {
        var (type, piece) = context.Request.Path.Value switch
        {
            "/drip" => ("text/plain", "x"),
            "/events" => ("text/event-stream", "data: tick\n\n"),
            _ => ("text/plain", new string('x', 4096)),
        };
        var bytes = Encoding.UTF8.GetBytes(piece);
        context.Response.ContentType = type;
        Interlocked.Increment(ref _open);
        try
        {
            for (var i = 0; (_isGuarded || i < 500) && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                if (piece.Length == 1)
                {
                    await Task.Delay(20, context.RequestAborted);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

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
