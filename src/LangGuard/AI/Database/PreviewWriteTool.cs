using System.Globalization;
using System.Text.Json;
using LangGuard.Data;
using LangGuard.Redaction;

namespace LangGuard.AI.Database;

/// <summary>Shows what one INSERT, UPDATE or DELETE would do.</summary>
internal sealed class PreviewWriteTool(GuardSession session, IReadOnlyList<string> databases)
    : DatabaseTool(session, Definition, databases)
{
    /// <summary>Rows that are shown; the count is always that of all.</summary>
    private const int MostRows = 20;

    internal static readonly ToolDefinition Definition = new(
        "preview_write",
        Effects.Read,
        "Tries one INSERT, UPDATE or DELETE, shows the rows before and after, and takes it back. Nothing is changed. Then call "
        + "commit_write with the token to make this very change.",
        new ToolParameter("sql", ToolParameterKind.Text, "The statement.", MaxLength: 65_536),
        Values,
        WhichDatabase);

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (Source(arguments, out var problem) is not { } source)
        {
            return ToolAnswer.Error(problem);
        }

        var preview = await source.PreviewWriteAsync(arguments.Text("sql"), arguments.Map("parameters"), cancellationToken);
        return ToolAnswer.Ok(writer =>
        {
            writer.WriteString("token", preview.Token);
            writer.WriteString("expires", preview.ExpiresAt.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("table", preview.Table);
            writer.WriteNumber("affected_rows", preview.AffectedRows);
            writer.WriteStartArray("rows");
            foreach (var row in preview.Rows.Take(MostRows))
            {
                writer.WriteStartObject();
                Write(writer, "before", row.Before);
                Write(writer, "after", row.After);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteBoolean("truncated", preview.Rows.Count > MostRows);
        });
    }

    private void Write(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, object?>? row)
    {
        if (row is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (column, value) in row)
        {
            writer.WritePropertyName(ToolResultPipeline.Clean(column, Session, null));
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }
}
