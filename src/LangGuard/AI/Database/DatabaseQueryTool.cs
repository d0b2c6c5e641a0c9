using System.Data.Common;
using System.Text.Json;
using LangGuard.Redaction;

namespace LangGuard.AI.Database;

/// <summary>Runs one query and returns its rows.</summary>
internal sealed class DatabaseQueryTool(GuardSession session, IReadOnlyList<string> databases)
    : DatabaseTool(session, Definition, databases)
{
    internal static readonly ToolDefinition Definition = new(
        "database_query",
        Effects.Read,
        "Runs one SELECT and returns its rows. One statement only, on permitted tables. When 'truncated' is true there are "
        + "more rows: narrow the query or add LIMIT and OFFSET.",
        new ToolParameter("sql", ToolParameterKind.Text, "The SELECT statement.", MaxLength: 65_536),
        Values,
        WhichDatabase);

    private static readonly object TooLarge = new();

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (Source(arguments, out var problem) is not { } source)
        {
            return ToolAnswer.Error(problem);
        }

        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, arguments);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var (rows, truncated) = await ReadAsync(reader, cancellationToken);
        return ToolAnswer.Ok(writer =>
        {
            writer.WriteStartArray("columns");
            columns.ForEach(name => writer.WriteStringValue(ToolResultPipeline.Clean(name, Session, null)));
            writer.WriteEndArray();
            writer.WriteStartArray("rows");
            foreach (var row in rows)
            {
                writer.WriteStartArray();
                foreach (var value in row)
                {
                    if (ReferenceEquals(value, TooLarge))
                    {
                        writer.WriteStringValue(ResultMarker.Removed("value too large"));
                    }
                    else
                    {
                        WriteValue(writer, value);
                    }
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteBoolean("truncated", truncated);
        });
    }

    /// <summary>Reads up to the limits of the grant: the reader throws there, and the model is told that there is more.</summary>
    private static async Task<(List<object?[]> Rows, bool Truncated)> ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<object?[]>();
        var truncated = false;
        try
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var row = new object?[reader.FieldCount];
                for (var i = 0; i < row.Length; i++)
                {
                    truncated |= !TryRead(reader, i, out row[i]);
                }

                rows.Add(row);
            }
        }
        catch (DbAccessDeniedException denied) when (rows.Count > 0 && denied.Decision.Reason!.Rule
            is "database.row-limit" or "database.byte-limit" or "database.session-rows")
        {
            return (rows, true);
        }

        return (rows, truncated);
    }

    /// <summary>A value that is too large is left out, and a mark stands in its place.</summary>
    private static bool TryRead(DbDataReader reader, int ordinal, out object? value)
    {
        try
        {
            value = reader.GetValue(ordinal);
            return true;
        }
        catch (DbAccessDeniedException denied) when (denied.Decision.Reason!.Rule == "database.cell-limit")
        {
            value = TooLarge;
            return false;
        }
    }
}
