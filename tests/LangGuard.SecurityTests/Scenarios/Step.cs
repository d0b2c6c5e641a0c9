using System.Text.Json;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>One call that the scripted model makes.</summary>
internal sealed record Step(string Tool, params (string Name, object? Value)[] Arguments)
{
    internal static Step Read(string path) => new("read_file", ("path", path));

    internal static Step List(string path) => new("list_files", ("path", path));

    internal static Step Search(string text, string path) => new("search_files", ("text", text), ("path", path));

    internal static Step Write(string path, string content) => new("write_file", ("path", path), ("content", content), ("overwrite", true));

    internal static Step Delete(string path) => new("delete_file", ("path", path), ("recursive", true));

    internal static Step Move(string from, string to) => new("move_file", ("from", from), ("to", to), ("overwrite", true));

    internal static Step Get(string url) => new("http_request", ("url", url));

    internal static Step Post(string url, string body) => new("http_request", ("url", url), ("method", "POST"), ("body", body));

    /// <summary>The same call with a header, as the JSON that a model sends.</summary>
    internal Step With(string name, string value) => this with
    {
        Arguments = [.. Arguments, ("headers", JsonSerializer.SerializeToElement(new Dictionary<string, string> { [name] = value }))],
    };

    internal static Step Query(string sql) => new("database_query", ("sql", sql));

    internal static Step Execute(string sql) => new("database_execute", ("sql", sql));
}
