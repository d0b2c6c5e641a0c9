using System.IO.Abstractions;
using System.Text.Json;

namespace LangGuard.AI.Files;

/// <summary>Moves or renames a file or directory.</summary>
internal sealed class MoveFileTool(GuardSession session, IFileSystem files) : FileTool(session, files, Definition)
{
    internal static readonly ToolDefinition Definition = new(
        "move_file",
        Effects.Write | Effects.Delete,
        "Moves or renames a file or directory.",
        new ToolParameter("from", ToolParameterKind.Text, PathHint),
        new ToolParameter("to", ToolParameterKind.Text, "The new path."),
        new ToolParameter("overwrite", ToolParameterKind.Flag, "Whether an existing file is replaced. false when left out.", IsRequired: false));

    protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var from = arguments.Text("from");
        var to = arguments.Text("to");
        if (Files.Directory.Exists(from))
        {
            Files.Directory.Move(from, to);
        }
        else
        {
            Files.File.Move(from, to, arguments.Flag("overwrite"));
        }

        return new(ToolAnswer.Ok(_ => { }));
    }
}
