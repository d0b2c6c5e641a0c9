using System.Net;
using System.Security.Claims;
using LangGuard.AspNetCore;
using LangGuard.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LangGuard.Tests.AspNetCore;

public sealed class RequestBoundaryTests
{
    [Fact]
    public async Task A_request_has_the_session_of_its_user()
    {
        await using var app = await AppWith((GuardSession session) => session.Principal.ToString());

        (await Get(app, "alice")).Should().Be((HttpStatusCode.OK, "contoso/alice"));
        (await Get(app, "bob")).Should().Be((HttpStatusCode.OK, "contoso/bob"));
    }

    [Fact]
    public async Task A_request_of_nobody_has_no_session()
    {
        await using var app = await AppWith((GuardSession session) => session.Principal.ToString());

        (await Get(app, null)).Status.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Without_the_boundary_there_is_no_session()
    {
        await using var app = await AppWith((GuardSession session) => session.Principal.ToString(), boundary: false);

        (await Get(app, "alice")).Status.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task Labels_and_approvals_live_on_from_request_to_request()
    {
        await using var app = await AppWith((GuardSession session, HttpContext context) =>
        {
            switch (context.Request.Query["do"])
            {
                case "read":
                    using (var permit = session.Authorize(Operations.Call("read", principal: session.Principal)))
                    {
                        session.MarkUntrusted();
                    }

                    break;
                case "ask":
                    return session.TryAuthorize(Operations.Call("pay", principal: session.Principal)).ApprovalRequestId ?? "none";
                case "approve":
                    return session.Approvals.Approve(context.Request.Query["id"]!).ToString();
                case "pay":
                    return session.TryAuthorize(Operations.Call("pay", principal: session.Principal)).Decision.Kind.ToString();
                default:
                    break;
            }

            return session.HoldsUntrustedContent.ToString();
        });
        var conversation = app.Services.GetRequiredService<IGuardSessionFactory>().StartConversation(Operations.Alice);

        (await Get(app, "alice", conversation, "look")).Body.Should().Be("False");
        (await Get(app, "alice", conversation, "read")).Body.Should().Be("True");
        (await Get(app, "alice", conversation, "look")).Body.Should().Be("True");
        var id = (await Get(app, "alice", conversation, "ask")).Body;
        (await Get(app, "alice", conversation, "approve&id=" + id)).Body.Should().Be("True");
        (await Get(app, "alice", conversation, "pay")).Body.Should().Be("Allow");
        (await Get(app, "alice", conversation, "pay")).Body.Should().Be("Ask");
    }

    [Fact]
    public async Task Another_users_conversation_is_denied()
    {
        await using var app = await AppWith((GuardSession session) => session.Principal.ToString());
        var conversation = app.Services.GetRequiredService<IGuardSessionFactory>().StartConversation(Operations.Alice);

        (await Get(app, "bob", conversation)).Status.Should().Be(HttpStatusCode.InternalServerError);
        (await Get(app, "alice", conversation)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_conversation_of_unknown_history_starts_untrusted()
    {
        await using var app = await AppWith((GuardSession session) => session.HoldsUntrustedContent.ToString());

        (await Get(app, "alice", "made-up-by-the-client")).Body.Should().Be("True");
    }

    [Fact]
    public async Task Work_that_outlives_its_request_is_denied()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string>? late = null;
        await using var app = await AppWith((GuardSession session) =>
        {
            late = After(released.Task, session);
            return "started";
        });
        await Get(app, "alice");

        released.SetResult();

        (await late!).Should().Be("session.ended");
    }

    [Fact]
    public async Task Work_of_one_request_that_is_started_inside_another_does_not_run_there()
    {
        GuardSession? bobs = null;
        var bobEntered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aliceDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await AppWith(async (GuardSession session) =>
        {
            if (session.Principal.Id == "bob")
            {
                bobs = session;
                bobEntered.SetResult();
                await aliceDone.Task;
                return "waited";
            }

            // A consumer that starts lazily here carries Alice's request; Bob's queued work must not run in it.
            await bobEntered.Task;
            return await Task.Run(() => Try(bobs!));
        });
#pragma warning disable CA2025 // It is awaited below.
        var bob = Get(app, "bob");
#pragma warning restore CA2025

        (await Get(app, "alice")).Body.Should().Be("session.mismatch");
        aliceDone.SetResult();
        await bob;
    }

    [Theory]
    [InlineData("alice")]
    [InlineData(null)]
    public async Task A_session_that_is_kept_from_another_request_does_nothing_in_one_without_a_session(string? user)
    {
        GuardSession? bobs = null;
        var bobEntered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var othersDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await AppWith(async (HttpContext context) =>
        {
            if (context.Request.Headers["X-User"] == "bob")
            {
                bobs = context.RequestServices.GetRequiredService<GuardSession>();
                bobEntered.SetResult();
                await othersDone.Task;
                return Try(bobs);
            }

            using var child = bobs!.CreateChild(bobs.Policy);
            return $"{Try(bobs)} {Try(child)}";
        });
#pragma warning disable CA2025 // It is awaited below.
        var bob = Get(app, "bob");
#pragma warning restore CA2025
        await bobEntered.Task;

        (await Get(app, user)).Body.Should().Be("session.mismatch session.mismatch");
        othersDone.SetResult();
        (await bob).Body.Should().Be("allowed", "it is still the session of the one who opened it");
    }

    [Theory]
    [InlineData("alice")]
    [InlineData(null)]
    public async Task A_session_that_the_host_makes_itself_works_in_a_request_without_one(string? user)
    {
        var policy = Policy.Create(guard => guard.AddLayer(TestLayer.AllowAll()));
        using var own = GuardSession.Create(policy, new Principal("service"));
        await using var app = await AppWith((HttpContext _) => Try(own));

        (await Get(app, user)).Body.Should().Be("allowed");
    }

    [Fact]
    public async Task Work_without_the_flow_of_its_request_still_has_its_session()
    {
        await using var app = await AppWith(async (GuardSession session) =>
        {
            Task<string> work;
            using (ExecutionContext.SuppressFlow())
            {
                Func<string> attempt = () => Try(session);
                work = Task.Run(attempt);
            }

            return await work;
        });

        (await Get(app, "alice")).Body.Should().Be("allowed");
    }

    [Fact]
    public async Task Two_agents_work_in_one_request()
    {
        await using var app = await AppWith((HttpContext context) =>
        {
            var one = context.RequestServices.GetRequiredService<GuardSession>();
            var two = context.RequestServices.GetRequiredKeyedService<GuardSession>("second");
            var answers = new[] { one, two, one }.Select(session =>
                session.TryAuthorize(Operations.Call("f", principal: session.Principal)).IsAllowed);
            return string.Join(",", answers);
        });

        (await Get(app, "alice")).Body.Should().Be("True,True,True");
    }

    [Fact]
    public void A_user_is_read_from_authenticated_identities_only()
    {
        var forged = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "alice")]));
        UserPrincipal.FromUser(forged).Should().BeNull();

        var user = new ClaimsPrincipal([
            new ClaimsIdentity([new Claim("sub", "alice"), new Claim("tid", "contoso"), new Claim("region", "eu")], "test"),
            new ClaimsIdentity([new Claim("tid", "fabrikam"), new Claim("region", "us")]),
        ]);
        var principal = UserPrincipal.FromUser(user, "region")!;
        principal.ToString().Should().Be("contoso/alice");
        principal.Claims.Should().Contain("region", "eu");
    }

    [Fact]
    public void A_user_whose_claims_contradict_each_other_is_nobody()
    {
        UserPrincipal.FromUser(User(("sub", "alice"), ("sub", "bob"))).Should().BeNull();
        UserPrincipal.FromUser(User(("sub", "alice"), ("tid", "a"), ("tenant", "b"))).Should().BeNull();
        UserPrincipal.FromUser(User(("tid", "a"))).Should().BeNull();
        UserPrincipal.FromUser(User(("sub", "alice"), ("region", "eu"), ("region", "us")), "region")!.Claims.Should().BeEmpty();
    }

    [Fact]
    public void The_boundary_needs_the_registration()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        app.Invoking(a => a.UseLangGuard()).Should().Throw<InvalidOperationException>();
    }

    private static string Try(GuardSession session) =>
        session.TryAuthorize(Operations.Call("f", principal: session.Principal)).Decision.Reason?.Rule ?? "allowed";

    private static async Task<string> After(Task gate, GuardSession session)
    {
        await gate;
        return Try(session);
    }

    private static ClaimsPrincipal User(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test"));

    private static async Task<WebApplication> AppWith(Delegate endpoint, bool boundary = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLangGuard(guard => guard
            .AddLayer(TestLayer.AllowAll())
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForFunction("pay"))));
        builder.Services.AddLangGuard("second", guard => guard.AddLayer(TestLayer.AllowAll()));
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers["X-User"] is [{ } user])
            {
                context.User = User(("sub", user), ("tid", "contoso"));
            }

            return next();
        });
        if (boundary)
        {
            app.UseLangGuard(options => options.ConversationId = context =>
                context.Request.Headers["X-Conversation"] is [{ Length: > 0 } id] ? id : null);
        }

        app.MapGet("/", endpoint);
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body)> Get(
        WebApplication app, string? user, string? conversation = null, string action = "")
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/?do=" + action);
        if (user is not null)
        {
            request.Headers.Add("X-User", user);
        }

        request.Headers.Add("X-Conversation", conversation ?? "");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
