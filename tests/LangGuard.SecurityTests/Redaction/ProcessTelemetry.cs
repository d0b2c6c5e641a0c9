using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>All that the process tells whoever listens, of any library in it: activities, measurements, events, diagnostics. What it
/// logs comes here by <see cref="ILoggerProvider"/>.</summary>
internal sealed class ProcessTelemetry : EventListener, ILoggerProvider, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private readonly Action<string> _keep;
    private readonly ActivityListener _traces;
    private readonly MeterListener _meters = new();
    private readonly IDisposable _diagnostics;
    private readonly List<IDisposable> _subscriptions = [];

    /// <param name="keep">Gets each text; from any thread.</param>
    internal ProcessTelemetry(Action<string> keep)
    {
        _keep = keep;
        _traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => keep(Describe(activity)),
        };
        ActivitySource.AddActivityListener(_traces);
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Keep(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        _meters.Start();
        _diagnostics = DiagnosticListener.AllListeners.Subscribe(this);

        // The base class may have been told of sources before this one was made.
        foreach (var source in EventSource.GetSources())
        {
            Enable(source);
        }
    }

    public override void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
        _diagnostics.Dispose();
        lock (_subscriptions)
        {
            _subscriptions.ForEach(subscription => subscription.Dispose());
        }

        base.Dispose();
    }

    public ILogger CreateLogger(string categoryName) => new Collector(categoryName, _keep);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (_keep is not null)
        {
            Enable(eventSource);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData) => _keep?.Invoke(
        $"{eventData.EventSource.Name} {eventData.EventName} {eventData.Message} {string.Join(' ', (eventData.Payload ?? new([])).Select(AsText))}");

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
        {
            // The hosts of the tests: they may know everything that reaches them.
            return;
        }

        lock (_subscriptions)
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        var text = new StringBuilder(value.Key);
        foreach (var property in value.Value?.GetType().GetProperties() ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $" {property.Name}={(property.GetIndexParameters().Length > 0 ? null : AsText(property.GetValue(value.Value)))}");
        }

        _keep(text.ToString());
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    /// <summary>What has to do with the things that are guarded; the runtime's own say how it works.</summary>
    private void Enable(EventSource source)
    {
        string[] wanted = ["System.Net", "Private.InternalDiagnostics.System.Net", "Npgsql", "MySqlConnector", "Microsoft.Data", "Microsoft-Extensions-Logging", "LangGuard"];
        if (wanted.Any(name => source.Name.StartsWith(name, StringComparison.Ordinal)))
        {
            // Of the network the plain level: below it are the bytes of every socket, those of the servers of the tests too.
            EnableEvents(source, source.Name.StartsWith("Private", StringComparison.Ordinal) ? EventLevel.Informational : EventLevel.LogAlways, EventKeywords.All);
        }
    }

    private static string Describe(Activity activity)
    {
        var text = new StringBuilder($"{activity.Source.Name} {activity.OperationName} {activity.DisplayName} {activity.StatusDescription}");
        foreach (var (key, value) in activity.TagObjects)
        {
            text.Append(CultureInfo.InvariantCulture, $" {key}={AsText(value)}");
        }

        foreach (var happened in activity.Events)
        {
            text.Append(CultureInfo.InvariantCulture, $" {happened.Name}");
            foreach (var (key, value) in happened.Tags)
            {
                text.Append(CultureInfo.InvariantCulture, $" {key}={AsText(value)}");
            }
        }

        foreach (var (key, value) in activity.Baggage)
        {
            text.Append(CultureInfo.InvariantCulture, $" {key}={value}");
        }

        return text.Append(activity.TraceStateString).ToString();
    }

    private static string AsText(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        Exception failure => CanaryWorld.Describe(failure),
        byte[] bytes => Encoding.Latin1.GetString(bytes),
        IEnumerable many => string.Join(' ', many.Cast<object?>().Select(AsText)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    private void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder(instrument.Name);
        foreach (var (key, value) in tags)
        {
            text.Append(CultureInfo.InvariantCulture, $" {key}={AsText(value)}");
        }

        _keep(text.ToString());
    }

    private sealed class Collector(string category, Action<string> keep) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            keep($"{category} {AsText(state)} {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            keep($"{category} {formatter(state, exception)} {(state is IEnumerable fields ? AsText(fields) : string.Empty)} {AsText(exception)}");
    }
}
