using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AspNetCoreHost.Chat;

/// <summary>What the model does for which words: <c>report NUMBER HOST NOTE</c>, <c>delete PATH</c>, <c>call TOOL JSON</c>.</summary>
internal static class Script
{
    internal static IReadOnlyList<FunctionCallContent> For(string text)
    {
        var words = text.Split(' ', 4);
        return words switch
        {
            ["report", var number, var host, var note] =>
            [
                Call("database_query", ("database", "shop"), ("sql", "SELECT item FROM orders")),
                Call("read_file", ("path", "faq.md")),
                Call("http_request", ("url", $"{host}/v1/orders/{number}")),
                Call("write_file", ("path", $"drafts/{note}.md"), ("content", $"note {note}")),
                Call("read_file", ("path", $"drafts/{note}.md")),
            ],
            ["delete", var path] => [Call("delete_file", ("path", path))],
            ["call", var tool, ..] => [new FunctionCallContent(
                Guid.NewGuid().ToString("N"), tool,
                JsonSerializer.Deserialize<Dictionary<string, object?>>(text[("call " + tool).Length..]))],
            _ => [],
        };
    }

    private static FunctionCallContent Call(string tool, params (string Name, object? Value)[] arguments) =>
        new(Guid.NewGuid().ToString("N"), tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
}
