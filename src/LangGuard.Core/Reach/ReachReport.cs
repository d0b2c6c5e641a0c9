using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LangGuard.Reach;

/// <summary>The worst that a policy lets its agent do. The same policy always gives the same text, so that two versions can
/// be compared line by line.</summary>
public sealed class ReachReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Func<Operation, bool> _covers;

    internal ReachReport(string agent, IReadOnlyList<ReachEntry> entries, IReadOnlyList<string> brakes, Func<Operation, bool> covers)
    {
        Agent = agent;
        Entries = entries;
        Brakes = brakes;
        _covers = covers;
    }

    /// <summary>The name of the agent.</summary>
    public string Agent { get; }

    /// <summary>Everything that can be done. Empty: nothing.</summary>
    internal IReadOnlyList<ReachEntry> Entries { get; }

    /// <summary>What slows it down: quotas, approvals, the rule for untrusted content.</summary>
    public IReadOnlyList<string> Brakes { get; }

    /// <summary>Whether an operation lies inside the report. What a policy allows always does.</summary>
    public bool Covers(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return _covers(operation);
    }

    /// <summary>For people and for comparison: one line for each entry.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append("agent ").Append(Agent).Append('\n');
        foreach (var entry in Entries)
        {
            text.Append(entry.Surface).Append("  ").Append(entry.Resource).Append("  ").Append(entry.Verbs);
            text.Append(entry.Limits.Length == 0 ? string.Empty : $"  [{entry.Limits}]").Append('\n');
        }

        foreach (var brake in Brakes)
        {
            text.Append("brake  ").Append(brake).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>For documents.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder().Append("# Reach of agent ").Append(Cell(Agent)).Append("\n\n");
        text.Append("| Surface | Resource | Can | Limits |\n|---|---|---|---|\n");
        foreach (var entry in Entries)
        {
            text.Append("| ").Append(entry.Surface).Append(" | ").Append(Cell(entry.Resource)).Append(" | ")
                .Append(Cell(entry.Verbs)).Append(" | ").Append(Cell(entry.Limits)).Append(" |\n");
        }

        text.Append("\nBrakes:\n\n");
        foreach (var brake in Brakes)
        {
            text.Append("- ").Append(Cell(brake)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>For programs.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("agent", Agent);
            writer.WriteStartArray("entries");
            foreach (var entry in Entries)
            {
                writer.WriteStartObject();
                writer.WriteString("surface", entry.Surface);
                writer.WriteString("resource", entry.Resource);
                writer.WriteString("verbs", entry.Verbs);
                writer.WriteString("limits", entry.Limits);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("brakes");
            foreach (var brake in Brakes)
            {
                writer.WriteStringValue(brake);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // Names are hostile text also here: nothing of them may become markup.
    private static string Cell(string text) => text.Length == 0 ? " " : $"`{text.Replace('`', '\'').ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)}`";
}
