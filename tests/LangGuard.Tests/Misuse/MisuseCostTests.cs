using System.Text.Json;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse;

[Collection(MemoryMeasurements.Name)]
public sealed class MisuseCostTests
{
    private static readonly string Words = string.Join(
        ' ', Enumerable.Range(0, 300).Select(i => $"word{i} about order {i}")) + " and mail bob@contoso.test";

    private static GuardSession SessionOf()
    {
        var session = GuardSession.Create(
            Policy.Create(policy => policy
                .LimitPermissions(allow => allow
                    .Function("send", f => f.Does(Effects.Send).Any("to", "body"))
                    .Function("read", f => f.OnlyReads().Any("key")))
                .AnticipateMisuse(misuse => misuse
                    .LimitUsage(u => u.Calls(long.MaxValue))
                    .TrackUntrustedContent(u => u.Targets("send", "to"))
                    .PlantCanaryValue("canary-4711-blue")
                    .DetectLoops(l => l.Errors(int.MaxValue)))
                .DefendInDepth(defense => defense.RedactValues("correct-horse-7"))),
            Operations.Alice);
        session.AddUserMessage(Words);
        session.MarkUntrusted();
        return session;
    }

    [Fact]
    public void Every_layer_together_allocates_nothing()
    {
        Words.Length.Should().BeGreaterThan(4_096);
        using var session = SessionOf();
        var policy = session.Policy;
        var operation = new FunctionOperation(
            Operations.Alice, Effects.Send, "send", JsonSerializer.SerializeToElement(new { to = "bob@contoso.test", body = "the order is on its way" }));
        policy.Decide(operation, session).IsAllowed.Should().BeTrue();
        var layers = policy.MisuseLayers.ToArray();
        Review(layers, operation, session, 20_000).Should().Be(20_000 * layers.Length);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Review(layers, operation, session, 1_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static int Review(MisuseLayer[] layers, Operation operation, GuardSession session, int times)
    {
        var silent = 0;
        for (var i = 0; i < times; i++)
        {
            foreach (var layer in layers)
            {
                silent += layer.Review(operation, session).Kind == ObjectionKind.None ? 1 : 0;
            }
        }

        return silent;
    }

    [Fact]
    public void A_million_operations_leave_the_session_as_small_as_it_was()
    {
        using var session = SessionOf();
        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var json = JsonDocument.Parse($$"""{"key":"k{{i}}"}""");
                var permit = session.Authorize(new FunctionOperation(Operations.Alice, Effects.Read, "read", json.RootElement));
                permit.Observe($$"""[{"id":"{{i}}"}]""");
                permit.Complete(OperationOutcome.Success());
            }
        }

        Run(200_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Run(800_000);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        (after - before).Should().BeLessThan(4 * 1024 * 1024);
    }
}
