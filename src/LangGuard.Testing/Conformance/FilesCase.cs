using System.Text.Json;

namespace LangGuard.Testing.Conformance;

/// <summary>One line of a file corpus.</summary>
internal sealed record FilesCase
{
    private const string RootMark = "{ROOT}";

    private FilesCase(JsonElement line)
    {
        Id = CaseText.Of(line, "id")!;
        Operation = CaseText.Of(line, "operation")!;
        Path = CaseText.Of(line, "path")!;
        Destination = CaseText.Of(line, "dest");
        Pattern = CaseText.Of(line, "pattern");
        IsRecursive = CaseText.IsTrue(line, "recursive");
        MustNotSee = [.. CaseText.List(line, "must_not_see").Select(name => CaseText.Of(name)!)];
        Technique = CaseText.Of(line, "class") ?? string.Empty;
        IsAllowed = CaseText.Of(line, "expect") == "allow";
        Platform = CaseText.Of(line, "platform") ?? "any";
        Setup =
        [
            .. CaseText.List(line, "root_setup").Select(step => new FilesSetup(
                CaseText.Of(step, "op")!, CaseText.Of(step, "path")!, CaseText.Of(step, "target"), CaseText.Of(step, "content"))),
        ];
    }

    public string Id { get; }

    /// <summary>The kind of attack.</summary>
    public string Technique { get; }

    public string Operation { get; }

    public string Path { get; init; }

    public string? Destination { get; init; }

    public string? Pattern { get; init; }

    public bool IsRecursive { get; }

    public IReadOnlyList<string> MustNotSee { get; init; }

    public bool IsAllowed { get; }

    public string Platform { get; }

    public IReadOnlyList<FilesSetup> Setup { get; init; }

    public static FilesCase Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new FilesCase(document.RootElement);
    }

    /// <summary>
    /// The same case in a folder of the root, where a policy grants more than in the root itself. A case whose names count
    /// steps upwards, or play with the name of the root, stays where it is.
    /// </summary>
    public FilesCase Within(string folder) => folder.Length == 0 || !CanMove() ? this : this with
    {
        Path = Move(Path, folder),
        Destination = Destination is null ? null : Move(Destination, folder),
        Pattern = Pattern?.Replace(RootMark, $"{RootMark}/{folder}", StringComparison.Ordinal),
        Setup =
        [
            new FilesSetup("mkdir", $"{RootMark}/{folder}", null, null),
            .. Setup.Select(step => step with
            {
                Path = Move(step.Path, folder),
                Target = step.Target?.Replace(RootMark, $"{RootMark}/{folder}", StringComparison.Ordinal),
            }),
        ],
    };

    public override string ToString() => Id;

    private bool CanMove() =>
        Setup.SelectMany(step => new[] { step.Path, step.Target }).Append(Path).Append(Destination).Append(Pattern).OfType<string>()
            .All(name => !name.Contains("..", StringComparison.Ordinal) && !name.Contains('\\', StringComparison.Ordinal)
                && name.Length > 0 && (name[0] != '/')
                && (!name.Contains(RootMark, StringComparison.Ordinal) || name.StartsWith(RootMark + "/", StringComparison.Ordinal)));

    private static string Move(string name, string folder) =>
        name.StartsWith(RootMark, StringComparison.Ordinal) ? $"{RootMark}/{folder}{name[RootMark.Length..]}"
        : name.StartsWith('{') ? name
        : $"{folder}/{name}";
}
