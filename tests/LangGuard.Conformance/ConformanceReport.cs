using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>Prints results the way scripts expect them.</summary>
public static class ConformanceReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>One line for each failing case, one summary line; the exit code.</summary>
    public static int Write(string surface, IReadOnlyList<CaseResult> results, string? json, TextWriter output, string skipped = "")
    {
        foreach (var result in results.Where(result => result.Fails))
        {
            output.WriteLine(result.ToString());
        }

        int Count(CaseOutcome outcome) => results.Count(result => result.Outcome == outcome);
        var skips = Count(CaseOutcome.Skipped);
        output.WriteLine(
            $"{surface}: {results.Count} cases, {Count(CaseOutcome.Bypass)} bypasses, {Count(CaseOutcome.FalseDenial)} false denials, "
            + $"{Count(CaseOutcome.Error)} errors, {Count(CaseOutcome.Inert)} inert, {skips} skipped"
            + (skips > 0 && skipped.Length > 0 ? $" ({skipped})" : string.Empty));
        if (json is not null)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(
                results.Select(result => new { id = result.Id, outcome = result.Outcome.ToString(), detail = result.Detail }),
                Indented));
        }

        return results.Any(result => result.Fails) ? 1 : 0;
    }
}
