using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>One line of a file corpus.</summary>
public sealed class FilesCase
{
    private FilesCase(JsonElement line)
    {
        Id = line.GetProperty("id").GetString()!;
        Operation = line.GetProperty("operation").GetString()!;
        Path = line.GetProperty("path").GetString()!;
        Destination = Text(line, "dest");
        Pattern = Text(line, "pattern");
        IsRecursive = line.TryGetProperty("recursive", out var recursive) && recursive.GetBoolean();
        MustNotSee = line.TryGetProperty("must_not_see", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
        IsAllowed = line.GetProperty("expect").GetString() == "allow";
        Platform = Text(line, "platform") ?? "any";
        Setup = line.TryGetProperty("root_setup", out var setup)
            ? [.. setup.EnumerateArray().Select(step => new FilesSetup(
                step.GetProperty("op").GetString()!, step.GetProperty("path").GetString()!, Text(step, "target"), Text(step, "content")))]
            : [];
    }

    public string Id { get; }

    public string Operation { get; }

    public string Path { get; }

    public string? Destination { get; }

    public string? Pattern { get; }

    public bool IsRecursive { get; }

    public IReadOnlyList<string> MustNotSee { get; }

    public bool IsAllowed { get; }

    public string Platform { get; }

    public IReadOnlyList<FilesSetup> Setup { get; }

    public static IReadOnlyList<FilesCase> Load(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Parse)];

    public static FilesCase Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new FilesCase(document.RootElement);
    }

    public override string ToString() => Id;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
