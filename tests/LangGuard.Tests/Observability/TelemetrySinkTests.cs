using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LangGuard.Observability;
using LangGuard.Tests.Auditing;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Observability;

public sealed class TelemetrySinkTests
{
    [Fact]
    public void Enriches_the_span_of_the_tool_call_instead_of_doubling_it()
    {
        using var source = new ActivitySource("test.tools");
        var seen = new ConcurrentQueue<Activity>();
        using var listener = Listen(seen, "test.tools", TelemetryNames.Source);
        using var session = AuditWorld.Session(TelemetrySink.Instance);
        using (var call = source.StartActivity("execute_tool f"))
        {
            call!.SetTag(TelemetryNames.Operation, TelemetryNames.ExecuteTool);
            AuditWorld.Act(session);
            call.GetTagItem(TelemetryNames.Decision).Should().Be("Allow");
            call.GetTagItem(TelemetryNames.Policy).Should().Be(session.Policy.Hash);
            call.GetTagItem(TelemetryNames.Tool).Should().Be("f");
        }

        seen.Should().ContainSingle(activity => activity.OperationName == "execute_tool f");
        seen.Where(activity => Equals(activity.GetTagItem(TelemetryNames.Session), session.Id)).Should().ContainSingle();
    }

    [Fact]
    public void A_denial_outside_a_tool_call_has_a_span_of_its_own()
    {
        var seen = new ConcurrentQueue<Activity>();
        using var listener = Listen(seen, TelemetryNames.Source);
        using var session = AuditWorld.Session(TelemetrySink.Instance);
        session.TryAuthorize(Operations.Call("denied"));
        var own = seen.Where(activity => Equals(activity.GetTagItem(TelemetryNames.Session), session.Id)).Should().ContainSingle().Which;
        own.Status.Should().Be(ActivityStatusCode.Error);
        own.GetTagItem(TelemetryNames.Rule).Should().Be("functions.not-granted");
    }

    [Fact]
    public void Counts_decisions_and_bytes()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Source)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        using var session = AuditWorld.Session(TelemetrySink.Instance);
        AuditWorld.Act(session, 3);
        counts[TelemetryNames.Decisions].Should().BeGreaterThanOrEqualTo(3);
        counts[TelemetryNames.Bytes].Should().BeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public void A_listener_that_fails_denies_nothing()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => throw new InvalidOperationException("broken exporter"),
        };
        ActivitySource.AddActivityListener(listener);
        using var session = AuditWorld.Session(TelemetrySink.Instance);
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> seen, params string[] sources)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
