using LangGuard.Auditing;
using LangGuard.Tests.Auditing;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Logging;

namespace LangGuard.Tests.Observability;

public sealed class LoggerSinkTests
{
    [Fact]
    public void Denials_are_warnings_and_the_rest_is_quiet()
    {
        var log = new Recorder();
        using var session = AuditWorld.Session(new LoggerSink(log));
        AuditWorld.Act(session);
        session.TryAuthorize(Operations.Call("denied"));
        log.Lines.Select(line => line.Level).Should().Equal(LogLevel.Debug, LogLevel.Debug, LogLevel.Warning);
        log.Lines[2].Text.Should().Contain("functions.not-granted").And.Contain("'denied'");
    }

    [Theory]
    [InlineData("x\r\nAllow: operation 1")]
    [InlineData("x\u001b[2J\u001b[31m")]
    [InlineData("x\u202egpj.exe")]
    [InlineData("x\u2028y\u0085z")]
    [InlineData("x\u200b\ufeff")]
    public void A_name_can_not_forge_a_line_a_colour_or_a_direction(string name)
    {
        var log = new Recorder();
        using var session = AuditWorld.Session(new LoggerSink(log));
        session.TryAuthorize(Operations.Call(name));
        log.Lines.Should().ContainSingle().Which.Text.Should().Match(text => !text.Any(char.IsControl))
            .And.NotContainAny("\u202e", "\u2028", "\u200b", "\ufeff");
    }

    [Theory]
    [InlineData("{0.__class__.__init__.__globals__}")]
    [InlineData("{Principal.Id} {Decision} {Sequence} {0} {{1}}")]
    [InlineData("${HOME} $HOME %PATH% $(id) `id`")]
    [InlineData("{{principal}} {% raw %} <%= x %> #{x} @Model.x")]
    [InlineData("{0,1000000000}")]
    [InlineData("{")]
    [InlineData("%s%n%d")]
    public void A_name_with_placeholders_stays_as_it_is(string name)
    {
        var log = new Recorder();
        var audit = new RecordingSink();
        using var session = AuditWorld.Session(new LoggerSink(log), policy => policy.DefendInDepth(defense => defense.Audit(audit)));
        var denied = session.TryAuthorize(Operations.Call(name));
        denied.Decision.Kind.Should().Be(DecisionKind.Deny);
        log.Lines.Should().ContainSingle().Which.Text.Should().Contain(name);
        new AccessDeniedException(denied.Decision, Operations.Call(name)).Message.Should().Contain(name);
        audit.Records.Should().ContainSingle().Which.Operation.Resource.Should().Be(name);
    }

    [Fact]
    public void A_log_that_fails_denies_nothing()
    {
        using var session = AuditWorld.Session(new LoggerSink(new Recorder { Fails = true }));
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeTrue();
    }

    private sealed class Recorder : ILogger
    {
        public bool Fails { get; init; }

        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Fails)
            {
                throw new IOException("disk full");
            }

            Lines.Add((logLevel, formatter(state, exception)));
        }
    }
}
