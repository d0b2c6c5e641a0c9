using System.Text.Json;
using LangGuard.Data;
using LangGuard.Files;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Benchmarks;

/// <summary>What the misuse layers add: the same permissions without any of them, and with all of them over 4 KB of the user's
/// words. Each decision is on a new operation, as in a guard, so that nothing is remembered from the last one.</summary>
internal static class MisuseComparisons
{
    private static readonly Aim Little = new(MoreNanoseconds: 1_000, MoreBytes: 0);

    // The runtime's profile-guided code charges a request one object.
    private static readonly Aim LittleOfRequest = Little with { IsPromise = false };
    private static readonly Principal Somebody = new("benchmark");

    public static IEnumerable<Comparison> All()
    {
        foreach (var surface in Enum.GetValues<Surface>())
        {
            var aim = surface == Surface.Http ? LittleOfRequest : Little;
            yield return new("misuse", $"{surface}: decide", aim, () => Open(surface, untrusted: false, Decide));
            yield return new("misuse", $"{surface}: decide, untrusted content", aim, () => Open(surface, untrusted: true, Decide));
            yield return new("misuse", $"{surface}: whole session, untrusted content", null, () => Open(surface, untrusted: true, Authorize));
        }
    }

    /// <summary>The votes alone.</summary>
    private static bool Decide(GuardSession session, Operation operation) => session.Policy.Decide(operation, session).Kind == DecisionKind.Allow;

    /// <summary>The votes with counting, the permit and settling, as a guard does it.</summary>
    private static bool Authorize(GuardSession session, Operation operation)
    {
        var answer = session.TryAuthorize(operation);
        answer.Permit?.Complete(OperationOutcome.Success());
        return answer.IsAllowed;
    }

    private static Pair Open(Surface surface, bool untrusted, Func<GuardSession, Operation, bool> ask)
    {
        var root = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow
                .Files("kb", root, files => files.Read("**"))
                .Http("GET https://api.example.com/v1/orders/{id} query page,q")
                .Database("shop", db => db.Select("orders"))
                .Function("send_mail", f => f.Does(Effects.Send).Any("to", "subject", "body")))
            .AnticipateMisuse(misuse => misuse
                .LimitUsage(usage => usage.Calls(long.MaxValue).BytesIn("1000000 GiB").BytesOut("1000000 GiB"))
                .LimitUsageOfPrincipal(usage => usage.Calls(long.MaxValue - 1))
                .DetectLoops(loops => loops.Repeats(128))
                .RequireApproval(approval => approval.ForDeletes())
                .TrackUntrustedContent(content => content.Targets("send_mail", "to").TrustEmailDomain("example.com"))
                .PlantCanaryFile("kb", "old/passwords.txt").PlantCanaryValue("canary-4711-blue"))
            .DefendInDepth(defense => defense.RedactValues("correct-horse-7")));
        var with = Session(policy, untrusted);
        var without = Session(new Policy(policy.Name, policy.Options, policy.PermissionSets, [], policy.Dependencies), untrusted);
        var make = Make(surface);
        return new Pair(() => Call(without), () => Call(with), () =>
        {
            with.Dispose();
            without.Dispose();
            Directory.Delete(root, recursive: true);
        });

        void Call(GuardSession session)
        {
            if (!ask(session, make()))
            {
                throw new InvalidOperationException("The operation is not allowed as it should be.");
            }
        }
    }

    private static GuardSession Session(Policy policy, bool untrusted)
    {
        var session = GuardSession.Create(policy, Somebody, new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
        session.AddUserMessage(string.Join(' ', Enumerable.Range(0, 220).Select(i => $"word{i} about order {i}"))
            + " please mail bob@contoso.test that order A17 is on its way to Paris");
        if (untrusted)
        {
            session.MarkUntrusted();
        }

        return session;
    }

    private static Func<Operation> Make(Surface surface)
    {
        switch (surface)
        {
            case Surface.Files:
                return () => new FileOperation(
                    Somebody, Effects.Read, new FileTarget("kb", "notes/today.md", "notes/today.md", FilePermissions.Read));
            case Surface.Http:
                var url = UrlCanonicalizer.Create(new Uri("https://api.example.com/v1/orders/A17?page=2&q=Paris"), out _)!;
                var message = new EgressRequest(HttpMethod.Get, url) { HasHeaders = true };
                message.Headers.TryAddWithoutValidation("Accept", "application/json");
                return () => new HttpOperation(Somebody, HttpVerbs.Get, url, message, null);
            case Surface.Database:
                var schema = new SqlSchema(SqlDialect.Sqlite, [new SqlTable("main", "orders", ["id", "total"])]);
                const string statement = "SELECT id, total FROM orders WHERE id = 17";
                var facts = SqlInspector.Inspect(statement, SqlDialect.Sqlite, schema).Facts!;
                return () => new DatabaseOperation(Somebody, "shop", statement, facts, "main", string.Empty);
            default:
                var arguments = JsonSerializer.SerializeToElement(
                    new { to = "bob@contoso.test", subject = "order A17", body = "The order A17 is on its way to Paris, it will be there soon." });
                return () => new FunctionOperation(Somebody, Effects.Send, "send_mail", arguments);
        }
    }
}
