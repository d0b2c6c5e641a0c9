using System.Diagnostics;
using System.Text.Json;
using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI;

/// <summary>What was decided on is what a function gets, and a call costs little.</summary>
public sealed class GuardedFunctionTests
{
    private readonly List<string> _got = [];
    private readonly AIFunction _tool;

    public GuardedFunctionTests() => _tool = AIFunctionFactory.Create((string to) => _got.Add(to), "send");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Arguments_that_are_swapped_while_a_person_is_asked_do_not_reach_the_function(bool isJson)
    {
        object Value(string text) => isJson ? JsonSerializer.SerializeToElement(text) : text;
        var arguments = new AIFunctionArguments { ["to"] = Value("ada") };
        var naive = AskThenRunAsync(arguments, out var yes);
        arguments["to"] = Value("eve");
        yes.SetResult();
        await naive;
        _got.Should().Equal(["eve"], because: "a wrapper that keeps the caller's object runs what nobody was asked about");

        _got.Clear();
        var approver = new QueuedApprover();
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("send", f => f.Any("to").Does(Effects.Write)))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForFunction("send").By(approver))));
        arguments = new AIFunctionArguments { ["to"] = Value("ada") };
        var call = session.Guard(_tool).InvokeAsync(arguments).AsTask();
        arguments["to"] = Value("eve");
        arguments["bcc"] = Value("eve");
        approver.Answer(approver.Pending.Single().Id, ApprovalAnswer.Once).Should().BeTrue();
        await call;

        _got.Should().Equal("ada");
    }

    [Theory]
    [InlineData("""{"to":"see [l\u0061ngguard redacted: key]"}""")]
    [InlineData("""{"to":"\u005blangguard \u0072edacted: key]"}""")]
    [InlineData("""{"to":{"deep":["[langguard redacted: key]"]}}""")]
    [InlineData("""{"to":{"[langguard redacted: key]":1}}""")]
    public async Task A_mark_of_ours_is_found_however_it_is_escaped(string arguments)
    {
        using var session = Reading();

        (await session.Guard(AIFunctionFactory.Create((JsonElement to) => _got.Add("x"), "send")).InvokeAsync(arguments)).Rule()
            .Should().Be("results.marker-in-write");

        _got.Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_call_is_the_same_in_every_representation_and_order()
    {
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("send", f => f.Any("to", "more").Does(Effects.Write)))
            .AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent().DetectLoops(loops => loops.Repeats(5))));
        var guard = session.Guard(AIFunctionFactory.Create((string to, JsonElement more) => _got.Add(to), "send"));
        AIFunctionArguments[] alike =
        [
            new() { ["to"] = "ada", ["more"] = Json("""{"a":1,"b":2}""") },
            new() { ["more"] = Json("""{"b":2,"a":1}"""), ["to"] = "ada" },
            new() { ["to"] = Json("\"ada\""), ["more"] = Json("""{ "a": 1, "b": 2 }""") },
            new() { ["to"] = Json("\"\\u0061da\""), ["more"] = new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 } },
            new(StringComparer.OrdinalIgnoreCase) { ["to"] = System.Text.Json.Nodes.JsonValue.Create("ada"), ["more"] = Json("""{"a":1,"b":2}""") },
        ];
        foreach (var arguments in alike)
        {
            await guard.InvokeAsync(arguments);
        }

        _got.Should().HaveCount(5);
        ((JsonElement)(await guard.InvokeAsync(alike[1]))!).Rule().Should().Be("loops.repeated-call");
        await guard.InvokeAsync(new AIFunctionArguments { ["to"] = "bob", ["more"] = Json("{}") });
        _got.Should().HaveCount(6);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task A_number_that_JSON_does_not_have_is_refused(double number)
    {
        using var session = Reading();

        (await session.Guard(AIFunctionFactory.Create((double to) => _got.Add("x"), "send")).InvokeAsync(new AIFunctionArguments { ["to"] = number }))
            .Should().BeOfType<JsonElement>().Which.Rule().Should().Be("functions.ambiguous-arguments");

        _got.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_guarded_read_allocates_at_most_200_bytes_more_than_the_bare_one(bool isJson)
    {
        var bare = AIFunctionFactory.Create((string to) => to.Length, "send");
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("send", f => f.OnlyReads().Any("to")))
            .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(long.MaxValue).BytesIn("1000000 GiB"))));
        var guard = session.Guard(bare);
        var arguments = new AIFunctionArguments { ["to"] = isJson ? Json("\"orders\"") : "orders" };
        (await guard.InvokeAsync(arguments))!.ToString().Should().Be("6");

        // The runtime replaces its first, unoptimised code some time after the first calls.
        var more = long.MaxValue;
        for (var start = Stopwatch.GetTimestamp(); more > 200 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1);)
        {
            more = Math.Min(more, Allocated(guard, arguments) - Allocated(bare, arguments));
        }

        more.Should().BeLessThanOrEqualTo(200);
    }

    public static TheoryData<object> NotInRange => new()
    {
        -1, 101, -1e-30, 1e30, "5", "5 ", true, new[] { 5, 101 }, Array.Empty<int>(), new { value = 5 },
        Json("-1e-30"), Json("-1E-400"), Json("1e400"), Json("1e29"), Json("100.5"), Json("\"5\""), Json("null"), Json("[[5]]"),
        Json("""{"$type":"System.Int32","$value":5}"""), Json("[5,null]"), float.NaN, new System.Numerics.BigInteger(101),
    };

    [Theory]
    [MemberData(nameof(NotInRange))]
    public async Task What_is_no_number_in_the_range_in_every_reading_is_denied(object value)
    {
        using var session = InRange();

        var result = await session.Guard(AIFunctionFactory.Create((JsonElement amount) => _got.Add("x"), "pay"))
            .InvokeAsync(new AIFunctionArguments { ["amount"] = value });

        result.Should().BeOfType<JsonElement>().Which.Rule().Should().BeOneOf("functions.argument", "functions.ambiguous-arguments");
        _got.Should().BeEmpty();
    }

    [Fact]
    public async Task An_argument_that_is_left_out_and_one_that_is_null_do_not_pass_a_rule()
    {
        using var session = InRange();
        var guard = session.Guard(AIFunctionFactory.Create((int amount = 1_000_000) => _got.Add("x"), "pay"));

        (await guard.InvokeAsync("{}")).Rule().Should().Be("functions.argument");
        (await guard.InvokeAsync("""{"amount":null}""")).Rule().Should().Be("functions.argument");

        _got.Should().BeEmpty();
    }

    public static TheoryData<object> InsideRange => new() { 0, 100, 5L, 99.5, 5m, Json("5"), Json("5.0"), Json("1e2"), Json("[1,2]") };

    [Theory]
    [MemberData(nameof(InsideRange))]
    public async Task A_number_in_the_range_passes_in_every_representation(object value)
    {
        using var session = InRange();

        await session.Guard(AIFunctionFactory.Create((JsonElement amount) => _got.Add("x"), "pay"))
            .InvokeAsync(new AIFunctionArguments { ["amount"] = value });

        _got.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("send_maiI")]
    [InlineData("send-mail")]
    [InlineData("SEND_MAIL")]
    [InlineData("sendmail")]
    [InlineData("s\u0435nd_mail")]
    [InlineData("send_mail\u200b")]
    [InlineData("send_mail ")]
    [InlineData("\uff53end_mail")]
    [InlineData("")]
    public async Task A_name_that_looks_like_a_granted_one_is_not_it(string name)
    {
        using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Function("send_mail", f => f.Any("to").OnlyReads())));
        session.Guard(AIFunctionFactory.Create((string to) => to, "send_mail"));

        (await session.Guard(new Named(name, () => _got.Add("x"))).InvokeAsync("""{"to":"x"}""")).Rule()
            .Should().BeOneOf("functions.not-granted", "functions.look-alike");

        _got.Should().BeEmpty();
    }

    [Fact]
    public async Task JSON_in_memory_of_the_caller_is_copied_before_the_decision()
    {
        var memory = "\"ada\""u8.ToArray();
        using var document = JsonDocument.Parse(memory.AsMemory());
        var approver = new QueuedApprover();
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("send", f => f.Any("to").Does(Effects.Write)))
            .AnticipateMisuse(misuse => misuse.RequireApproval(a => a.ForFunction("send").By(approver))));
        var call = session.Guard(_tool).InvokeAsync(new AIFunctionArguments { ["to"] = document.RootElement }).AsTask();

        "\"eve\""u8.CopyTo(memory);
        document.RootElement.GetString().Should().Be("eve", because: "the document reads the caller's memory");
        approver.Answer(approver.Pending.Single().Id, ApprovalAnswer.Once).Should().BeTrue();
        await call;

        _got.Should().Equal("ada");
    }

    [Fact]
    public async Task JSON_of_a_document_that_is_gone_is_refused()
    {
        var document = JsonDocument.Parse("\"ada\"");
        var arguments = new AIFunctionArguments { ["to"] = document.RootElement };
        document.Dispose();
        using var session = Reading();

        (await session.Guard(_tool).InvokeAsync(arguments)).Should().BeOfType<JsonElement>().Which.Rule().Should().Be("functions.ambiguous-arguments");
    }

    public static TheoryData<object> SecretResults => new()
    {
        "key " + Secret,
        new { key = Secret },
        new Dictionary<string, object?> { [Secret] = 1 },
        new[] { "a", Secret },
        new System.Text.Json.Nodes.JsonObject { ["deep"] = new System.Text.Json.Nodes.JsonArray(Secret) },
        JsonSerializer.SerializeToDocument(Secret),
        new TextContent(Secret),
        new TextReasoningContent(Secret),
        new FunctionResultContent("1", new { key = Secret }),
        new AIContent[] { new TextContent(Secret) },
    };

    [Theory]
    [MemberData(nameof(SecretResults))]
    public async Task A_secret_in_a_result_is_hidden_whatever_type_it_has(object result)
    {
        AsText(result).Should().Contain("IOSFODNN7EXAMPLF", because: "otherwise the test shows nothing");
        using var session = Reading();

        var shaped = await session.Guard(new Returning(result)).InvokeAsync(new AIFunctionArguments { ["to"] = "x" });

        AsText(shaped).Should().NotContain("IOSFODNN7EXAMPLF").And.Contain("langguard redacted");
    }

    [Fact]
    public async Task A_result_that_can_not_be_read_is_withheld()
    {
        using var session = Reading();

        (await session.Guard(new Returning(new Unreadable())).InvokeAsync(new AIFunctionArguments { ["to"] = "x" }))!.ToString()
            .Should().Contain("langguard removed");
    }

    [Fact]
    public async Task A_secret_in_the_text_of_a_failure_does_not_reach_a_model_that_is_told_of_failures()
    {
        var failing = AIFunctionFactory.Create(string (string to) => throw new InvalidOperationException("login with " + Secret), "send");
        using var session = Reading();
        var said = new List<string>();
        foreach (var tool in new[] { failing, session.Guard(failing) })
        {
            using var model = new ScriptedModel(new FunctionCallContent("1", "send", new Dictionary<string, object?> { ["to"] = "x" }));
            using var client = model.AsBuilder().UseFunctionInvocation(configure: invoker => invoker.IncludeDetailedErrors = true).Build();
            var response = await client.GetResponseAsync("Go.", new ChatOptions { Tools = [tool] });
            said.Add(AsText(response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result));
        }

        said[0].Should().Contain("IOSFODNN7EXAMPLF");
        said[1].Should().NotContain("IOSFODNN7EXAMPLF").And.NotContain("login");
    }

    private const string Secret = "AKIA" + "IOSFODNN7EXAMPLF";

    private static string AsText(object? value) => value switch
    {
        TextContent text => text.Text,
        TextReasoningContent text => text.Text,
        FunctionResultContent result => AsText(result.Result),
        IEnumerable<AIContent> contents => string.Concat(contents.Select(AsText)),
        JsonDocument document => document.RootElement.GetRawText(),
        _ => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions),
    };

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private static GuardSession InRange() => Operations.SessionOf(guard => guard
        .LimitPermissions(allow => allow.Function("pay", f => f.OnlyReads().Require("amount", ArgumentRule.Range(0, 100)))));

    private static GuardSession Reading() => Operations.SessionOf(guard => guard
        .LimitPermissions(allow => allow.Function("send", f => f.OnlyReads().Any("to"))));

    private static long Allocated(AIFunction function, AIFunctionArguments arguments)
    {
        const int Calls = 1_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            if (!function.InvokeAsync(arguments).AsTask().IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The call has not ended on this thread.");
            }
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private Task AskThenRunAsync(AIFunctionArguments arguments, out TaskCompletionSource yes)
    {
        var asked = yes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return RunAsync();
        async Task RunAsync()
        {
            await asked.Task;
            await _tool.InvokeAsync(arguments);
        }
    }

    private sealed class Returning(object? result) : AIFunction
    {
        public override string Name => "send";

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new(result);
    }

    private sealed class Named(string name, Action run) : AIFunction
    {
        public override string Name => name;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            run();
            return new("ran");
        }
    }

    private sealed class Unreadable
    {
        private readonly string _why = "no";

        public string Text => throw new InvalidOperationException(_why);
    }
}
