using LangGuard.Auditing;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Watchdog;

/// <summary>A layer that does not return keeps its own operation from running, and nothing else.</summary>
public sealed class LayerWatchdogTests
{
    [Theory]
    [InlineData("permission")]
    [InlineData("misuse")]
    [InlineData("reserve")]
    public async Task A_blocking_layer_has_no_effect_is_reported_and_leaves_others_alone(string kind)
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var clock = new FakeTimeProvider();
        var sink = new RecordingSink();
        var effects = 0;
        void Block(Operation operation)
        {
            if (((FunctionOperation)operation).Function == "stuck")
            {
                entered.Set();
                release.Wait();
            }
        }

        using var session = Operations.SessionOf(policy =>
        {
            policy.UseTimeProvider(clock).DefendInDepth(defense => defense.Audit(sink));
            policy.AddLayer(new TestLayer("may-block", operation =>
            {
                if (kind == "permission")
                {
                    Block(operation);
                }

                return Votes.Allow(operation);
            }));
            policy.AddLayer(new BlockingLayer(kind, Block));
        });

        void Run(string function)
        {
            using var permit = session.Authorize(Operations.Call(function));
            Interlocked.Increment(ref effects);
            permit.Complete(OperationOutcome.Success());
        }

        var stuck = Task.Run(() => Run("stuck"));
        entered.Wait();
        clock.Advance(TimeSpan.FromSeconds(10));

        effects.Should().Be(0);
        sink.Records.Where(record => record.Phase == AuditPhase.LayerStalled).Select(record => record.Operation.Resource)
            .Should().Equal("stuck");
        Run("fine");
        effects.Should().Be(1);
        clock.Advance(TimeSpan.FromSeconds(60));
        sink.Records.Count(record => record.Phase == AuditPhase.LayerStalled).Should().Be(1);

        release.Set();
        await stuck;
        effects.Should().Be(2);
    }

    private sealed class BlockingLayer(string kind, Action<Operation> block) : MisuseLayer
    {
        public override string Name => "may-block";

        public override bool Reserves => kind == "reserve";

        public override Objection Review(Operation operation, GuardSession session)
        {
            if (kind == "misuse")
            {
                block(operation);
            }

            return Objection.None;
        }

        public override Objection TryReserve(Operation operation, GuardSession session)
        {
            block(operation);
            return Objection.None;
        }
    }
}
