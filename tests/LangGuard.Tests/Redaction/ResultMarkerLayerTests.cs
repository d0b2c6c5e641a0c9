using System.Text.Json;
using LangGuard.Redaction;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Redaction;

public sealed class ResultMarkerLayerTests
{
    private const string Mark = "[langguard redacted: private-key]";

    public static TheoryData<Operation> Marked =>
    [
        new FunctionOperation(Operations.Alice, Effects.Write, "save", JsonDocument.Parse($"{{\"a\":[\"{Mark}\"]}}").RootElement),
        new FunctionOperation(Operations.Alice, Effects.Write, "save", JsonDocument.Parse("{\"a\":\"\\u005bLangGuard redacted\"}").RootElement),
        new DatabaseOperation(Operations.Alice, Effects.Write, "shop", $"UPDATE notes SET text = '{Mark}'"),
        new HttpOperation(Operations.Alice, Effects.Send, "GET", new Uri("https://a.test/?q=%5Blangguard%20redacted%5D")),
        new FileOperation(Operations.Alice, Effects.Write, new FileTarget("kb", Mark, Mark, FilePermissions.None)),
    ];

    [Theory]
    [MemberData(nameof(Marked))]
    public void An_operation_that_would_write_a_mark_is_denied(Operation operation)
    {
        using var session = Operations.SessionOf(_ => { });
        var objection = new ResultMarkerLayer().Review(operation, session);
        objection.Kind.Should().Be(ObjectionKind.Deny);
        objection.Reason!.Rule.Should().Be("results.marker-in-write");
    }

    [Fact]
    public void Is_on_by_default_and_lets_ordinary_arguments_through()
    {
        using var session = Operations.SessionOf(policy => policy.AddLayer(TestLayer.AllowAll()));
        session.TryAuthorize(new FunctionOperation(
            Operations.Alice, Effects.Write, "save", JsonDocument.Parse("{\"a\":\"[REDACTED] by langguard\"}").RootElement))
            .IsAllowed.Should().BeTrue();
        session.TryAuthorize(new FunctionOperation(
            Operations.Alice, Effects.Write, "save", JsonDocument.Parse($"{{\"a\":\"{Mark}\"}}").RootElement)).Decision.Reason!.Rule.Should().Be("results.marker-in-write");
    }
}
