using System.Text.Json;
using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>Prints results the way scripts expect them.</summary>
internal static class ResultWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One line for each failing case, one summary line; the exit code.</summary>
    public static int Write(string surface, IReadOnlyList<ConformanceResult> results, string? json, TextWriter output, string skipped = "")
    {
        foreach (var result in results.Where(result => result.Fails))
        {
            output.WriteLine($"FAIL {result}");
        }

        int Count(ConformanceOutcome outcome) => results.Count(result => result.Outcome == outcome);
        var skips = Count(ConformanceOutcome.Skipped);
        output.WriteLine(
            $"{surface}: {results.Count} cases, {Count(ConformanceOutcome.Bypass)} bypasses, {Count(ConformanceOutcome.FalseDenial)} false denials, "
            + $"{Count(ConformanceOutcome.Error)} errors, {Count(ConformanceOutcome.Inert)} inert, {skips} skipped"
            + (skips > 0 && skipped.Length > 0 ? $" ({skipped})" : string.Empty));
        if (json is not null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(
                results.Select(result => new { id = result.Id, outcome = result.Outcome.ToString(), detail = result.Seen }),
                Indented));
        }

        return results.Any(result => result.Fails) ? 1 : 0;
    }
}
