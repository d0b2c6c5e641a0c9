using System.Text.Json;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>How a run ended: the answer to each call, and all that the model saw.</summary>
internal sealed record ScenarioRun(IReadOnlyList<string> Answers, IReadOnlyList<string> Seen, string Text)
{
    /// <summary>The rule that denied a call, or null when it was not denied.</summary>
    internal string? RuleOf(int call)
    {
        try
        {
            using var answer = JsonDocument.Parse(Answers[call]);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("status", out var status) && status.GetString() is "denied" or "approval-required"
                ? answer.RootElement.GetProperty("rule").GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
