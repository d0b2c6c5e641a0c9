using System.Text.Json;

namespace LangGuard.DuckDb;

/// <summary>The plan of a statement, in which every name is resolved by the engine.</summary>
internal sealed class DuckDbPlan
{
    private readonly HashSet<string> _tables = new(StringComparer.OrdinalIgnoreCase);

    private DuckDbPlan(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4_000 });
        var waiting = new Stack<JsonElement>([document.RootElement]);
        while (waiting.TryPop(out var part))
        {
            if (part.ValueKind == JsonValueKind.Array)
            {
                foreach (var child in part.EnumerateArray())
                {
                    waiting.Push(child);
                }
            }
            else if (part.ValueKind == JsonValueKind.Object)
            {
                Read(part);
                waiting.Push(part.GetProperty("children"));
            }
        }
    }

    /// <summary>Tables that are read, as <c>schema.table</c>; what is read elsewhere has a name that no table has.</summary>
    internal IReadOnlySet<string> Tables => _tables;

    /// <summary>Rows that all steps together are expected to make.</summary>
    internal double Visited { get; private set; }

    /// <summary>Rows of the result.</summary>
    internal double? Rows { get; private set; }

    internal static DuckDbPlan Parse(string json) => new(json);

    private void Read(JsonElement step)
    {
        var name = step.GetProperty("name").GetString()!.Trim();
        if (!step.TryGetProperty("extra_info", out var info) || info.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (info.TryGetProperty("Table", out var table))
        {
            _tables.Add(NameOf(table.GetString()!));
        }
        else if (info.TryGetProperty("Function", out _) && name != "RANGE")
        {
            _tables.Add($"function {name}");
        }

        if (info.TryGetProperty("Estimated Cardinality", out var text)
            && double.TryParse(text.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var rows))
        {
            Visited += rows;
            Rows ??= rows;
        }
    }

    /// <summary>The last two parts of a name, without quotes.</summary>
    private static string NameOf(string name)
    {
        var parts = new List<string>();
        var part = new System.Text.StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '"' && isQuoted && i + 1 < name.Length && name[i + 1] == '"')
            {
                part.Append(name[i++]);
            }
            else if (name[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (name[i] == '.' && !isQuoted)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(name[i]);
            }
        }

        parts.Add(part.ToString());
        return string.Join('.', parts.TakeLast(2));
    }
}
