using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>One task: what the user or the attacker wants, and the calls it takes.</summary>
public sealed record FunctionTrace(string Task, bool IsInjection, string Text, IReadOnlyList<(string Function, JsonElement Arguments)> Calls)
{
    /// <summary>Reads <c>traces.jsonl</c>.</summary>
    public static IReadOnlyList<FunctionTrace> Load(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "traces.jsonl")).Select(Read)];

    /// <summary>Reads <c>outputs.jsonl</c>: the result of each call of each user task.</summary>
    public static IReadOnlyDictionary<(string Task, int Call), string> LoadResults(string folder)
    {
        var results = new Dictionary<(string, int), string>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "outputs.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            results[(root.GetProperty("task").GetString()!, root.GetProperty("call").GetInt32())] =
                root.GetProperty("result").GetRawText();
        }

        return results;
    }

    private static FunctionTrace Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var isInjection = root.GetProperty("kind").GetString() == "injection";
        return new FunctionTrace(
            root.GetProperty("task").GetString()!,
            isInjection,
            root.GetProperty(isInjection ? "goal" : "prompt").GetString()!,
            [.. root.GetProperty("calls").EnumerateArray()
                .Select(call => (call.GetProperty("function").GetString()!, call.GetProperty("args").Clone()))]);
    }
}
