using System.Text.Json;
using System.Text.Json.Nodes;
using LangGuard.AI;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI;

public sealed class GuardToolTests
{
    private static readonly ToolDefinition Definition = new(
        "probe", Effects.Read, "Tests.",
        new ToolParameter("path", ToolParameterKind.Text, "A path.", MaxLength: 8),
        new ToolParameter("count", ToolParameterKind.Number, "A number.", IsRequired: false),
        new ToolParameter("deep", ToolParameterKind.Flag, "A flag.", IsRequired: false),
        new ToolParameter("headers", ToolParameterKind.Texts, "Texts.", IsRequired: false),
        new ToolParameter("values", ToolParameterKind.Scalars, "Scalars.", IsRequired: false));

    /// <summary>What many models write is read as what it says.</summary>
    [Theory]
    [InlineData("""{"path":"a","count":"1"}""")]
    [InlineData("""{"path":"a","count":1.0}""")]
    [InlineData("""{"path":"a","deep":"true"}""")]
    [InlineData("""{"path":"a","deep":"False"}""")]
    [InlineData("""{"path":"a","headers":{"x":1,"y":true}}""")]
    public async Task Arguments_of_a_near_type_fit(string arguments)
    {
        var tool = new Probe(Session());

        (await tool.InvokeAsync(arguments)).Status().Should().Be("ok");
        tool.Runs.Should().Be(1);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"path":null}""")]
    [InlineData("""{"path":"a","other":1}""")]
    [InlineData("""{"path":"a","Path":"b"}""")]
    [InlineData("""{"PATH":"a"}""")]
    [InlineData("""{"path":1}""")]
    [InlineData("""{"path":["a"]}""")]
    [InlineData("""{"path":{"x":"a"}}""")]
    [InlineData("""{"path":"123456789"}""")]
    [InlineData("""{"path":"\ud800"}""")]
    [InlineData("""{"path":"a","count":"1.5"}""")]
    [InlineData("""{"path":"a","count":-1}""")]
    [InlineData("""{"path":"a","count":1.5}""")]
    [InlineData("""{"path":"a","count":99999999999}""")]
    [InlineData("""{"path":"a","deep":"maybe"}""")]
    [InlineData("""{"path":"a","deep":1}""")]
    [InlineData("""{"path":"a","headers":"x"}""")]
    [InlineData("""{"path":"a","headers":{"x":[1]}}""")]
    [InlineData("""{"path":"a","headers":{"x":"1","X":"2"}}""")]
    [InlineData("""{"path":"a","headers":{"x":"1","x":"2"}}""")]
    [InlineData("""{"path":"a","values":{"x":[1]}}""")]
    [InlineData("""{"path":"a","values":{"x":{}}}""")]
    [InlineData("""{"path":"a","values":[1]}""")]
    public async Task Arguments_that_do_not_fit_have_no_effect_and_are_said(string arguments)
    {
        var tool = new Probe(Session());

        var result = await tool.InvokeAsync(arguments);

        result.Status().Should().Be("error");
        result.GetProperty("reason").GetString().Should().NotBeEmpty();
        tool.Runs.Should().Be(0);
    }

    [Theory]
    [InlineData("""{"path":"a"}""")]
    [InlineData("""{"path":"","count":0,"deep":false,"headers":{},"values":{}}""")]
    [InlineData("""{"path":"12345678","count":2147483647,"deep":true,"headers":{"x":"y"},"values":{"a":1,"b":1.5,"c":true,"d":null,"e":"x"}}""")]
    [InlineData("""{"path":"a","count":null}""")]
    public async Task Arguments_that_fit_run(string arguments)
    {
        var tool = new Probe(Session());

        (await tool.InvokeAsync(arguments)).Status().Should().Be("ok");

        tool.Runs.Should().Be(1);
    }

    [Fact]
    public async Task Every_representation_of_an_argument_is_read_alike()
    {
        var tool = new Probe(Session());
        foreach (object value in new object[] { "a", JsonSerializer.SerializeToElement("a"), JsonValue.Create("a")! })
        {
            var result = (JsonElement)(await tool.InvokeAsync(new AIFunctionArguments { ["path"] = value }))!;
            result.Status().Should().Be("ok");
        }

        tool.Runs.Should().Be(3);
    }

    [Fact]
    public async Task Wrong_arguments_are_recorded_as_an_attempt()
    {
        var sink = new RecordingSink();
        using var session = Operations.SessionOf(guard => guard.DefendInDepth(d => d.Audit(sink)));

        await new Probe(session).InvokeAsync("{}");

        sink.Records.Should().ContainSingle().Which.Decision.Reason!.Rule.Should().Be("functions.arguments");
    }

    [Fact]
    public async Task A_denial_is_a_result_with_rule_reason_and_retry()
    {
        var denied = new AccessDeniedException(
            Decision.Deny(new Reason("files.outside-root", "The path lies outside.", Retry.ChangeArguments)), Operations.Call("x"));

        var result = await new Probe(Session(), denied).InvokeAsync("""{"path":"a"}""");

        result.Status().Should().Be("denied");
        result.Rule().Should().Be("files.outside-root");
        result.GetProperty("reason").GetString().Should().Be("The path lies outside.");
        result.GetProperty("retry").GetString().Should().Be("change-arguments");
    }

    [Fact]
    public async Task A_failure_tells_nothing_of_its_text()
    {
        var failure = new InvalidOperationException("/srv/secret/key.pem at 10.0.0.7");

        var result = await new Probe(Session(), failure).InvokeAsync("""{"path":"a"}""");

        result.Status().Should().Be("error");
        result.GetRawText().Should().NotContain("secret").And.NotContain("10.0.0.7");
    }

    [Fact]
    public async Task A_denial_inside_another_exception_is_still_a_denial()
    {
        var denied = new AccessDeniedException(Decision.Deny(new Reason("http.endpoint", "No.")), Operations.Call("x"));

        var result = await new Probe(Session(), new HttpRequestException("wrapped", denied)).InvokeAsync("""{"path":"a"}""");

        result.Rule().Should().Be("http.endpoint");
    }

    [Fact]
    public async Task Cancellation_is_not_a_denial()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var tool = new Probe(Session(), new OperationCanceledException(source.Token));

        await tool.Awaiting(t => t.InvokeAsync(new AIFunctionArguments { ["path"] = "a" }, source.Token).AsTask())
            .Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void The_schema_refuses_what_the_reader_refuses()
    {
        var schema = new Probe(Session()).JsonSchema;

        schema.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).Should().Equal("path");
        schema.GetProperty("properties").EnumerateObject().Should()
            .OnlyContain(property => property.Value.GetProperty("description").GetString()!.Length > 0);
    }

    private static GuardSession Session() => Operations.SessionOf(_ => { });

    private sealed class Probe(GuardSession session, Exception? failure = null) : GuardTool(session, Definition)
    {
        internal int Runs { get; private set; }

        protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
        {
            Runs++;
            return failure is null ? new(ToolAnswer.Ok(_ => { })) : ValueTask.FromException<JsonElement>(failure);
        }
    }
}
