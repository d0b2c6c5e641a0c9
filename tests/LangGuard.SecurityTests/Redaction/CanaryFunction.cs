using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>A function that hands out the canary in one of the ways a function can.</summary>
internal sealed class CanaryFunction(string how) : AIFunction
{
    private static readonly JsonElement OneText = JsonDocument.Parse("""{"type":"object","properties":{"how":{"type":"string"}}}""").RootElement.Clone();

    internal static readonly string[] Ways =
    [
        "text", "element", "object", "name of a property", "dictionary", "list", "bytes", "exception as a result", "uri", "text content",
        "reasoning", "error content", "data as text", "name of data", "uri content", "result content", "content of another kind", "several",
        "raw representation", "encoded", "thrown", "thrown with data", "thrown inside", "thrown by a getter", "cancelled",
    ];

    public override string Name => "lookup";

    public override JsonElement JsonSchema => OneText;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var text = "line " + CanaryWorld.Canary;
        var everything = string.Join('\n', Disclosure.Forms(CanaryWorld.Canary).Select(form => form.Text));
        return how switch
        {
            "text" => everything,
            "element" => JsonSerializer.SerializeToElement(new { text = everything, deep = new[] { new { text } } }),
            "object" => new Note(text, [everything]),
            "name of a property" => JsonSerializer.SerializeToElement(new Dictionary<string, int> { [text] = 1 }),
            "dictionary" => new Dictionary<string, object?> { [text] = everything },
            "list" => new List<string> { text, everything },
            "bytes" => Encoding.UTF8.GetBytes(text),
            "exception as a result" => new HostileException(text),
            "uri" => new Uri("https://example.test/?q=" + Uri.EscapeDataString(CanaryWorld.Canary)),
            "text content" => new TextContent(everything),
            "reasoning" => new TextReasoningContent(text),
            "error content" => new ErrorContent(text) { Details = everything },
            "data as text" => new DataContent(Encoding.UTF8.GetBytes(text), "text/csv"),
            "name of data" => new DataContent(new byte[] { 1 }, "image/png") { Name = text },
            "uri content" => new UriContent("https://example.test/?q=" + Uri.EscapeDataString(CanaryWorld.Canary), "text/plain"),
            "result content" => new FunctionResultContent("1", text) { Exception = new HostileException(text) },
            "content of another kind" => new Other(text),
            "several" => new List<AIContent> { new TextContent(text), new DataContent(Encoding.UTF8.GetBytes(everything), "application/json") },
            "raw representation" => new Other("line") { RawRepresentation = text },
            "encoded" => JsonSerializer.SerializeToElement(new { value = Convert.ToBase64String(Encoding.UTF8.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text)))) }),
            "thrown with data" => throw new HostileException("line") { Data = { ["text"] = text } },
            "thrown inside" => throw new InvalidOperationException("line", new AggregateException(new HostileException(text))),
            "thrown by a getter" => new Getter(),
            "cancelled" => throw new TaskCanceledException(text, new TimeoutException(text)),
            _ => throw new HostileException(text),
        };
    }

    /// <summary>Says it everywhere an exception can say something.</summary>
    internal sealed class HostileException(string text) : Exception(text)
    {
        public override string? StackTrace => "at " + Message;

        public override string? HelpLink => Message;

        public override string? Source => Message;

        public override string ToString() => "hostile " + Message;
    }

    private sealed record Note(string Text, string[] More);

    private sealed class Getter
    {
#pragma warning disable CA1822 // A serializer calls it on an object.
        public string Text => throw new HostileException(CanaryWorld.Canary);
#pragma warning restore CA1822
    }

    private sealed class Other(string text) : AIContent
    {
        public string Text => text;

        public override string ToString() => text;
    }
}
