using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>A request as stores keep it.</summary>
internal static class ApprovalRequestJson
{
    internal static string Write(ApprovalRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", request.Id);
            writer.WriteString("session", request.SessionId);
            writer.WriteString("agent", request.Agent);
            writer.WriteString("principal", request.Principal.Id);
            writer.WriteString("tenant", request.Principal.Tenant);
            writer.WriteNumber("effects", (int)request.Effects);
            writer.WriteString("resource", request.Resource);
            writer.WriteString("effect", request.CanonicalEffect);
            writer.WriteString("source", request.Source);
            writer.WriteString("change", request.Change);
            writer.WriteBoolean("hides", request.HidesContent);
            writer.WriteNumber("expires", request.Expires.UtcTicks);
            writer.WriteStartArray("reasons");
            foreach (var reason in request.Reasons)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(reason.Rule);
                writer.WriteStringValue(reason.Message);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("targets");
            foreach (var target in request.Targets)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(target.Name);
                writer.WriteStringValue(target.Value);
                writer.WriteNumberValue((int)target.Origin);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static ApprovalRequest Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        return new ApprovalRequest(
            Text(json, "id"), Text(json, "session"), Text(json, "agent"),
            new Principal(Text(json, "principal"), json.GetProperty("tenant").GetString()),
            (Effects)json.GetProperty("effects").GetInt32(), Text(json, "resource"), Text(json, "effect"), Text(json, "source"),
            [.. json.GetProperty("reasons").EnumerateArray()
                .Select(reason => new Reason(reason[0].GetString()!, reason[1].GetString()!, Retry.AskUser))],
            [.. json.GetProperty("targets").EnumerateArray()
                .Select(target => new ApprovalTarget(
                    target[0].GetString()!, target[1].GetString()!, (TargetOrigin)target[2].GetInt32()))],
            new DateTimeOffset(json.GetProperty("expires").GetInt64(), TimeSpan.Zero),
            new OperationPreview(
                json.TryGetProperty("change", out var change) ? change.GetString() : null,
                json.TryGetProperty("hides", out var hides) && hides.GetBoolean()));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
