using System.IO.Abstractions;
using System.Text.Json;
using LangGuard.Redaction;

namespace LangGuard.AI.Files;

/// <summary>Replaces a part of a text file.</summary>
internal sealed class EditFileTool(GuardSession session, IFileSystem files) : FileTool(session, files, Definition)
{
    internal static readonly ToolDefinition Definition = new(
        "edit_file",
        Effects.Read | Effects.Write,
        "Replaces a text in a file by another. The old text must occur exactly once, so give enough of its surroundings.",
        new ToolParameter("path", ToolParameterKind.Text, PathHint),
        new ToolParameter("old_text", ToolParameterKind.Text, "The text to replace, exactly as it is in the file.", MaxLength: 1_048_576),
        new ToolParameter("new_text", ToolParameterKind.Text, "The text to put there.", MaxLength: 1_048_576),
        new ToolParameter("all", ToolParameterKind.Flag, "Whether every occurrence is replaced. false when left out.", IsRequired: false));

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var oldText = arguments.Text("old_text");
        var newText = arguments.Text("new_text");
        if (oldText.Length == 0)
        {
            return ToolAnswer.Error("'old_text' must not be empty.");
        }

        if (ToolResultPipeline.HoldsMarker(oldText) || ToolResultPipeline.HoldsMarker(newText))
        {
            return ToolAnswer.Denied(ToolResultPipeline.RefuseMarker(Session, Name), null, null);
        }

        var path = arguments.Text("path");
        var bytes = await Files.File.ReadAllBytesAsync(path, cancellationToken);
        if (Decode(bytes, out var hasMark) is not { } content)
        {
            return ToolAnswer.Error("The file is not UTF-8 text.", Retry.No);
        }

        var count = Count(content, oldText);
        if (count == 0)
        {
            return ToolAnswer.Error("'old_text' does not occur in the file. Read it again; spaces and line ends count.");
        }

        if (count > 1 && !arguments.Flag("all"))
        {
            return ToolAnswer.Error($"'old_text' occurs {count} times. Give more of its surroundings, or set 'all'.");
        }

        var changed = content.Replace(oldText, newText, StringComparison.Ordinal);
        await Files.File.WriteAllBytesAsync(path, Encode(changed, hasMark), cancellationToken);
        return ToolAnswer.Ok(writer => writer.WriteNumber("replaced", count));
    }

    private static int Count(string content, string text)
    {
        var count = 0;
        for (var at = content.IndexOf(text, StringComparison.Ordinal);
            at >= 0;
            at = content.IndexOf(text, at + text.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
