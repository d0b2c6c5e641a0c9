using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>One tool of a folder of traces.</summary>
public sealed record FunctionTool(
    string Name, Effects Effects, IReadOnlyList<string> Targets, string? Subject, bool IsTrusted, IReadOnlyList<string> Arguments)
{
    /// <summary>Reads <c>tools.json</c>.</summary>
    public static IReadOnlyDictionary<string, FunctionTool> Load(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tools.json")));
        return document.RootElement.EnumerateObject().SelectMany(suite => suite.Value.EnumerateArray())
            .Select(Read).ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    private static FunctionTool Read(JsonElement tool)
    {
        var effects = tool.GetProperty("effect").GetString() switch
        {
            "read" => Effects.Read,
            "write" => Effects.Write,
            "send" => Effects.Send,
            "delete" => Effects.Delete,
            "pay" => Effects.Pay,
            _ => Effects.All,
        };
        effects |= tool.GetProperty("privilege").GetBoolean() ? Effects.Privilege : Effects.None;
        effects |= tool.GetProperty("egress").GetBoolean() ? Effects.Send : Effects.None;
        var arguments = tool.GetProperty("params").EnumerateObject().Select(argument => argument.Name).ToList();
        return new FunctionTool(
            tool.GetProperty("name").GetString()!,
            effects,
            [.. tool.GetProperty("sinks").EnumerateArray().Select(sink => sink.GetString()!)],
            arguments.Find(name => name is "title" or "subject"),
            tool.GetProperty("output").GetString() == "trusted",
            arguments);
    }
}
