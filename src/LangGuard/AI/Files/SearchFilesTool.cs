using System.IO.Abstractions;
using System.Text.Json;

namespace LangGuard.AI.Files;

/// <summary>Finds a text in the files that the session may read. What it may not read is passed over.</summary>
internal sealed class SearchFilesTool(GuardSession session, IFileSystem files) : FileTool(session, files, Definition)
{
    private const int MaxFiles = 2_000;
    private const int MaxMatches = 100;
    private const int MaxLine = 300;
    private const long MaxBytes = 32 * 1024 * 1024;

    internal static readonly ToolDefinition Definition = new(
        "search_files",
        Effects.Read,
        "Finds a text in text files and returns path, line number and line. The text is taken as it is, not as a pattern.",
        new ToolParameter("text", ToolParameterKind.Text, "The text to find; upper and lower case are the same."),
        new ToolParameter("path", ToolParameterKind.Text, "The directory to search in, such as /kb, or one file. All roots when left out.", IsRequired: false),
        new ToolParameter("file_name", ToolParameterKind.Text, "Only files of this name; * and ? stand for anything. Example: *.md", IsRequired: false));

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        var text = arguments.Text("text");
        if (text.Length == 0)
        {
            return ToolAnswer.Error("'text' must not be empty.");
        }

        var pattern = arguments.TextOrNull("file_name") ?? "*";
        if (pattern.AsSpan().ContainsAny('/', '\\'))
        {
            return ToolAnswer.Error("'file_name' is the name of a file, without directories.");
        }

        var path = arguments.TextOrNull("path") ?? "/";
        if (path.AsSpan().Trim("/.").Length > 0 && Files.File.Exists(path))
        {
            var one = new Search(text, pattern);
            await SearchFileAsync(Files.Path.GetFullPath(path), one, isAskedFor: true, cancellationToken);
            return ToolAnswer.Ok(one.Write);
        }

        var starts = path is "" or "/" or "." ? ReachableSurfaces.Roots(Session.Policy) : [path];
        var search = new Search(text, pattern);
        foreach (var start in starts)
        {
            await SearchAsync(start, search, isOnlyStart: starts.Count == 1, cancellationToken);
        }

        return ToolAnswer.Ok(search.Write);
    }

    private async ValueTask SearchAsync(string start, Search search, bool isOnlyStart, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var path in Files.Directory.EnumerateFiles(start, search.Pattern, SearchOption.AllDirectories))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (search.IsFull)
                {
                    return;
                }

                await SearchFileAsync(path, search, isAskedFor: false, cancellationToken);
            }
        }
        catch (Exception exception) when (!isOnlyStart && exception is IAccessDenied or IOException)
        {
            // One of several roots that can not be listed.
        }
    }

    private async ValueTask SearchFileAsync(string path, Search search, bool isAskedFor, CancellationToken cancellationToken)
    {
        // A search of a directory opens whatever is there; that is no sign of anything.
        var name = path.TrimStart('/').Split('/', 2);
        if (!isAskedFor && name.Length == 2 && Session.Policy.IsCanary(name[0], name[1]))
        {
            return;
        }

        byte[] bytes;
        try
        {
            bytes = await Files.File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (!isAskedFor && exception is IAccessDenied or IOException or UnauthorizedAccessException)
        {
            return;
        }

        search.Files++;
        search.Bytes += bytes.Length;
        if (Decode(bytes, out _) is not { } decoded || !decoded.Contains(search.Text, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var content = Redact(decoded);

        var number = 0;
        foreach (var line in content.AsSpan().EnumerateLines())
        {
            number++;
            var at = line.IndexOf(search.Text, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && search.Matches.Count < MaxMatches)
            {
                var from = Math.Max(0, Math.Min(at - (MaxLine / 2), line.Length - MaxLine));
                var shown = line[from..Math.Min(line.Length, from + MaxLine)];
                search.Matches.Add((ShapeName(path), number, Shape(shown.ToString())));
            }
        }
    }

    private sealed class Search(string text, string pattern)
    {
        internal string Text => text;

        internal string Pattern => pattern;

        internal int Files { get; set; }

        internal long Bytes { get; set; }

        internal List<(string Path, int Line, string Text)> Matches { get; } = [];

        internal bool IsFull => Files >= MaxFiles || Bytes >= MaxBytes || Matches.Count >= MaxMatches;

        internal void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartArray("matches");
            foreach (var (path, line, found) in Matches)
            {
                writer.WriteStartObject();
                writer.WriteString("path", path);
                writer.WriteNumber("line", line);
                writer.WriteString("text", found);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("files_searched", Files);
            if (IsFull)
            {
                writer.WriteBoolean("more", true);
            }
        }
    }
}
