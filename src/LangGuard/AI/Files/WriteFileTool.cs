using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using LangGuard.Files;
using LangGuard.Redaction;

namespace LangGuard.AI.Files;

/// <summary>Writes a whole text file.</summary>
internal sealed class WriteFileTool(GuardSession session, IFileSystem files) : FileTool(session, files, Definition)
{
    internal static readonly ToolDefinition Definition = new(
        "write_file",
        Effects.Write,
        "Writes a text file. Creates it; an existing file is replaced only with overwrite. To change a part, use edit_file.",
        new ToolParameter("path", ToolParameterKind.Text, PathHint),
        new ToolParameter("content", ToolParameterKind.Text, "The whole content.", MaxLength: 4_194_304) { TakesJson = true },
        new ToolParameter("overwrite", ToolParameterKind.Flag, "Whether an existing file is replaced. false when left out.", IsRequired: false));

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var path = arguments.Text("path");
        var content = arguments.Text("content");
        if (ToolResultPipeline.HoldsMarker(content))
        {
            return ToolAnswer.Denied(ToolResultPipeline.RefuseMarker(Session, Name), null, null);
        }

        var bytes = Encoding.UTF8.GetBytes(content);
        try
        {
            await WriteAsync(path, bytes, arguments.Flag("overwrite"), cancellationToken);
        }
        catch (IOException exception) when (exception.HResult == FileErrors.Exists)
        {
            return ToolAnswer.Error("The file exists already. Set 'overwrite' to replace it, or use edit_file to change a part.");
        }
        catch (DirectoryNotFoundException) when (Files.Path.GetDirectoryName(path) is { Length: > 1 } parent)
        {
            Files.Directory.CreateDirectory(parent);
            await WriteAsync(path, bytes, arguments.Flag("overwrite"), cancellationToken);
        }

        return ToolAnswer.Ok(writer => writer.WriteNumber("bytes", bytes.Length));
    }

    private async ValueTask WriteAsync(string path, byte[] bytes, bool overwrite, CancellationToken cancellationToken)
    {
        if (overwrite)
        {
            await Files.File.WriteAllBytesAsync(path, bytes, cancellationToken);
            return;
        }

        // Creating must not replace what somebody put there a moment ago.
        if (Files is GuardedFileSystem guarded)
        {
            await guarded.CreateAllAsync(path, bytes, cancellationToken);
            return;
        }

        await using var stream = Files.File.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await stream.WriteAsync(bytes, cancellationToken);
    }
}
