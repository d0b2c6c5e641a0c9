using System.Text.Json;

namespace LangGuard.AI;

/// <summary>What a model gets back: an ordinary result, whether it was done, denied or wrong.</summary>
internal static class ToolAnswer
{
    internal static JsonElement Ok(Action<Utf8JsonWriter> write) => ToolJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", "ok");
        write(writer);
        writer.WriteEndObject();
    });

    internal static JsonElement Denied(Decision decision, string? approvalRequestId, IReadOnlyList<string>? allowed) =>
        ToolJson.Write(writer =>
        {
            var reason = decision.Reason!;
            writer.WriteStartObject();
            writer.WriteString("status", "denied");
            writer.WriteString("rule", decision.Kind == DecisionKind.Ask ? "approval.required" : reason.Rule);
            writer.WriteString("reason", reason.Message);
            if (approvalRequestId is not null)
            {
                writer.WriteString("approval", approvalRequestId);
            }

            if (allowed is { Count: > 0 } && decision.Kind == DecisionKind.Deny)
            {
                writer.WriteStartArray("allowed");
                foreach (var line in allowed)
                {
                    writer.WriteStringValue(line);
                }

                writer.WriteEndArray();
            }

            writer.WriteString("retry", RetryText(decision.Kind == DecisionKind.Ask ? Retry.AskUser : reason.Retry));
            writer.WriteEndObject();
        });

    internal static JsonElement Error(string reason, Retry retry = Retry.ChangeArguments) => ToolJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", "error");
        writer.WriteString("reason", reason);
        writer.WriteString("retry", RetryText(retry));
        writer.WriteEndObject();
    });

    private static string RetryText(Retry retry) => retry switch
    {
        Retry.ChangeArguments => "change-arguments",
        Retry.AskUser => "ask-user",
        Retry.Later => "later",
        _ => "no",
    };
}
