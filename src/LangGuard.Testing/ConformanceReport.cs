using System.Globalization;
using System.Text;

namespace LangGuard.Testing;

/// <summary>What the cases of one corpus did to one policy.</summary>
public sealed class ConformanceReport
{
    internal ConformanceReport(string subject, IReadOnlyList<ConformanceResult> results) => (Subject, Results) = (subject, results);

    /// <summary>What was tested, such as <c>files 'kb'</c>.</summary>
    public string Subject { get; }

    /// <summary>Every case, in the order of the corpus.</summary>
    public IReadOnlyList<ConformanceResult> Results { get; }

    /// <summary>The attacks that took effect.</summary>
    public IReadOnlyList<ConformanceResult> Bypasses => Of(ConformanceOutcome.Bypass);

    /// <summary>What the policy permits and the guard did not let through.</summary>
    public IReadOnlyList<ConformanceResult> FalseDenials => Of(ConformanceOutcome.FalseDenial);

    /// <summary>Whether no attack took effect and nothing permitted was refused. A run without any attack does not hold.</summary>
    public bool Holds =>
        !Results.Any(result => result.Fails) && Results.Any(result => result is { IsAttack: true, Outcome: ConformanceOutcome.Passed });

    /// <summary>Fails the test, of any framework, unless the policy holds.</summary>
    /// <exception cref="GuardAssertionException">It does not; the message lists every bypass and false denial.</exception>
    public void ShouldHold()
    {
        if (!Holds)
        {
            throw new GuardAssertionException(ToString());
        }
    }

    /// <summary>The figures, and one line for each case that fails.</summary>
    public override string ToString()
    {
        var attacks = Results.Count(result => result.IsAttack && result.Outcome != ConformanceOutcome.Skipped);
        var benign = Results.Count(result => !result.IsAttack && result.Outcome != ConformanceOutcome.Skipped);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Subject}: {attacks} attacks and {benign} permitted operations: ")
            .Append(CultureInfo.InvariantCulture, $"{Bypasses.Count} bypasses, {FalseDenials.Count} false denials, ")
            .Append(CultureInfo.InvariantCulture, $"{Of(ConformanceOutcome.Error).Count} errors; ")
            .Append(CultureInfo.InvariantCulture, $"{Of(ConformanceOutcome.Inert).Count} inert, {Of(ConformanceOutcome.Skipped).Count} skipped.");
        AppendTo(text, "Attacks that took effect", Bypasses);
        AppendTo(text, "Permitted operations that did not complete", FalseDenials);
        AppendTo(text, "Cases that could not be run", Of(ConformanceOutcome.Error));
        return text.ToString();
    }

    private List<ConformanceResult> Of(ConformanceOutcome outcome) => [.. Results.Where(result => result.Outcome == outcome)];

    private static void AppendTo(StringBuilder text, string title, IReadOnlyList<ConformanceResult> results)
    {
        if (results.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{title}:");
        }

        foreach (var result in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {result.Id} ({result.Technique}): {result.Seen}");
        }
    }
}
