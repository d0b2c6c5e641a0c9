using System.Text.Json;
using System.Text.Json.Nodes;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.HookTraps;

/// <summary>Traps of reading arguments: what a guard reads and what the function gets are two things.</summary>
public sealed class ArgumentTrapTests : IDisposable
{
    private readonly Mailbox _mail = new();
    private readonly List<string> _read = [];

    public void Dispose() => _mail.Dispose();

    [Fact]
    public async Task A_rule_for_texts_misses_JSON_and_a_guard_does_not()
    {
        var json = new AIFunctionArguments { ["to"] = JsonSerializer.SerializeToElement(Mailbox.Enemy) };
        await new NaiveGuards.TextOnly(_mail.Tool).InvokeAsync(json);
        _mail.Sent.Should().Equal(Mailbox.Enemy);

        foreach (object value in new object[]
        {
            Mailbox.Enemy, JsonSerializer.SerializeToElement(Mailbox.Enemy), JsonValue.Create(Mailbox.Enemy)!,
            JsonDocument.Parse("\"eve@evil.test\""), new[] { Mailbox.Enemy }, new { address = Mailbox.Enemy }, new Uri("mailto:eve@evil.test"),
        })
        {
            (await DeniedAsync(new() { ["to"] = value })).Should().Be("functions.argument", because: value.GetType().Name);
        }

        _mail.Sent.Should().HaveCount(1);
    }

    [Fact]
    public async Task Arguments_are_no_old_dictionary_and_a_rule_that_reads_one_never_holds()
    {
        await new NaiveGuards.OldDictionary(_mail.Tool).InvokeAsync(Mailbox.To(Mailbox.Enemy));
        _mail.Sent.Should().Equal(Mailbox.Enemy);

        (await DeniedAsync(Mailbox.To(Mailbox.Enemy))).Should().Be("functions.argument");

        _mail.Sent.Should().HaveCount(1);
    }

    [Fact]
    public async Task An_argument_can_stand_in_for_a_rule_in_one_bag_and_not_in_a_policy()
    {
        AIFunctionArguments Arguments() => new() { ["to"] = Mailbox.Enemy, ["allowed_domain"] = "evil.test" };
        await new NaiveGuards.OneBag(_mail.Tool).InvokeAsync(Arguments());
        _mail.Sent.Should().Equal(Mailbox.Enemy);

        (await DeniedAsync(Arguments())).Should().Be("functions.argument");
        foreach (var name in new[] { "allowed_domain", "EmailDomains", "principal", "tool_name", "Effects", "LimitPermissions:Functions" })
        {
            (await DeniedAsync(new() { ["to"] = Mailbox.Friend, [name] = "evil.test" })).Should().Be("functions.unlisted-argument");
        }

        _mail.Sent.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("""{"path":"/kb/ok","PATH":"/etc/passwd"}""")]
    [InlineData("""{"path":"/kb/ok","path":"/etc/passwd"}""")]
    [InlineData("""{"path":"/kb/ok","\u0070ath":"/etc/passwd"}""")]
    [InlineData("""{"path":"/kb/ok","more":{"x":1,"X":2}}""")]
    [InlineData("""{"path":"/kb/ok","more":[{"x":{"deep":1,"DEEP":2}}]}""")]
    public async Task A_name_in_two_cases_below_the_first_level_has_two_meanings_and_is_refused(string target)
    {
        var tool = AIFunctionFactory.Create(Read, "read");
        AIFunctionArguments Arguments() => new() { ["target"] = JsonSerializer.Deserialize<JsonElement>(target) };
        await tool.InvokeAsync(Arguments());
        _read.Should().Equal(target.Contains("passwd", StringComparison.Ordinal) ? "/etc/passwd" : "/kb/ok");
        using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Function("read", f => f.OnlyReads().Any("target"))));

        (await RuleAsync(session.Guard(tool), Arguments())).Should().Be("functions.ambiguous-arguments");

        _read.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_name_in_two_cases_at_the_first_level_is_refused()
    {
        var arguments = Mailbox.To(Mailbox.Friend);
        arguments["TO"] = Mailbox.Enemy;

        (await DeniedAsync(arguments)).Should().Be("functions.ambiguous-arguments");
        (await DeniedAsync(new(StringComparer.OrdinalIgnoreCase) { ["TO"] = Mailbox.Friend })).Should().NotBeNull();

        _mail.Sent.Should().BeEmpty();
    }

    [Fact]
    public async Task An_argument_that_a_function_ignores_runs_without_a_guard_and_is_denied_with_one()
    {
        AIFunctionArguments Arguments() => new() { ["to"] = Mailbox.Friend, ["bcc"] = Mailbox.Enemy };
        await _mail.Tool.InvokeAsync(Arguments());
        _mail.Sent.Should().HaveCount(1);

        (await DeniedAsync(Arguments())).Should().Be("functions.unlisted-argument");

        _mail.Sent.Should().HaveCount(1);
    }

    [Fact]
    public async Task What_the_caller_changes_after_the_decision_does_not_reach_the_function()
    {
        var gate = new TaskCompletionSource();
        var seen = new List<string>();
        var slow = AIFunctionFactory.Create(
            async (AIFunctionArguments raw) =>
            {
                await gate.Task;
                seen.Add(((JsonElement)raw["to"]!)[0].GetString()!);
            },
            "send_mail");
        var list = new List<string> { Mailbox.Friend };
        var call = _mail.Session.Guard(slow).InvokeAsync(new AIFunctionArguments { ["to"] = list }).AsTask();

        list[0] = Mailbox.Enemy;
        gate.SetResult();
        await call;

        seen.Should().Equal(Mailbox.Friend);
    }

    [Fact]
    public async Task An_object_that_reads_differently_each_time_is_read_once()
    {
        var shifty = new Shifty();
        var got = new List<string?>();
        var tool = AIFunctionFactory.Create((JsonElement to) => got.Add(to.GetString()), "send_mail");
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions);
        options.Converters.Add(new ShiftyConverter());
        tool = AIFunctionFactory.Create((JsonElement to) => got.Add(to.GetString()), new AIFunctionFactoryOptions { Name = "send_mail", SerializerOptions = options });

        await _mail.Session.Guard(tool).InvokeAsync(new AIFunctionArguments { ["to"] = shifty });

        shifty.Reads.Should().Be(1);
        got.Should().Equal(Mailbox.Friend);
    }

    private async Task<string?> DeniedAsync(AIFunctionArguments arguments) => await RuleAsync(_mail.Session.Guard(_mail.Tool), arguments);

    private static async Task<string?> RuleAsync(AIFunction tool, AIFunctionArguments arguments) =>
        await tool.InvokeAsync(arguments) is JsonElement { ValueKind: JsonValueKind.Object } result ? result.Rule() : null;

    private void Read(Target target) => _read.Add(target.Path);

    private sealed record Target(string Path);

    private sealed class Shifty
    {
        internal int Reads { get; set; }
    }

    /// <summary>A friend for the first reader, an enemy for the next one.</summary>
    private sealed class ShiftyConverter : System.Text.Json.Serialization.JsonConverter<Shifty>
    {
        public override Shifty Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Shifty value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Reads++ == 0 ? Mailbox.Friend : Mailbox.Enemy);
    }
}
