using System.IO.Abstractions;
using System.Text.Json;

namespace LangGuard.AI.Files;

/// <summary>Lists a directory, or the roots.</summary>
internal sealed class ListFilesTool(GuardSession session, IFileSystem files) : FileTool(session, files, Definition)
{
    private const int MaxEntries = 1_000;

    internal static readonly ToolDefinition Definition = new(
        "list_files",
        Effects.Read,
        "Lists the files and directories in a directory. / lists the roots that exist for you.",
        new ToolParameter("path", ToolParameterKind.Text, "The directory, such as /kb/guides. / when left out.", IsRequired: false),
        new ToolParameter("recursive", ToolParameterKind.Flag, "Whether to list what is deeper too. false when left out.", IsRequired: false));

    protected override ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var path = arguments.TextOrNull("path") ?? "/";
        if (path is "" or "/" or ".")
        {
            return new(ToolAnswer.Ok(writer =>
            {
                writer.WriteStartArray("roots");
                foreach (var root in ReachableSurfaces.Roots(Session.Policy))
                {
                    writer.WriteStringValue(root);
                }

                writer.WriteEndArray();
            }));
        }

        var option = arguments.Flag("recursive") ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        var entries = Files.DirectoryInfo.New(path).EnumerateFileSystemInfos("*", option).Take(MaxEntries + 1).ToList();
        return new(ToolAnswer.Ok(writer =>
        {
            writer.WriteStartArray("entries");
            foreach (var entry in entries.Take(MaxEntries).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                writer.WriteStartObject();
                writer.WriteString("path", ShapeName(entry.FullName));
                if (entry is IFileInfo file)
                {
                    writer.WriteNumber("bytes", file.Length);
                }
                else
                {
                    writer.WriteBoolean("directory", true);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (entries.Count > MaxEntries)
            {
                writer.WriteBoolean("more", true);
            }
        }));
    }
}
