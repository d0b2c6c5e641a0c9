using System.IO.Abstractions;
using System.Text.Json;

namespace LangGuard.AI.Files;

/// <summary>Deletes a file or directory.</summary>
internal sealed class DeleteFileTool(GuardSession session, IFileSystem files) : FileTool(session, files, Definition)
{
    internal static readonly ToolDefinition Definition = new(
        "delete_file",
        Effects.Delete,
        "Deletes a file, or a directory. A directory that is not empty is deleted only with recursive.",
        new ToolParameter("path", ToolParameterKind.Text, PathHint),
        new ToolParameter("recursive", ToolParameterKind.Flag, "Whether a directory is deleted with all in it. false when left out.", IsRequired: false));

    protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var path = arguments.Text("path");
        if (Files.Directory.Exists(path))
        {
            Files.Directory.Delete(path, arguments.Flag("recursive"));
        }
        else if (Files.File.Exists(path))
        {
            Files.File.Delete(path);
        }
        else
        {
            // A file that may not be seen answers like one that is not there; the guard tells the two apart.
            Files.File.Delete(path);
            return new(ToolAnswer.Error("There is no such file."));
        }

        return new(ToolAnswer.Ok(_ => { }));
    }
}
