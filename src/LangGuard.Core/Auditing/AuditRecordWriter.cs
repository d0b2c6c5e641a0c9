using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Runtime.InteropServices;
using LangGuard.Redaction;

namespace LangGuard.Auditing;

/// <summary>Turns a record into text: hidden values are redacted before anything is hashed, long fields are cut and
/// stand with the hash of the whole.</summary>
internal static class AuditRecordWriter
{
    private const int MaxField = 512;
    private const int MaxVotes = 16;

    private static readonly JsonEncodedText Phase = JsonEncodedText.Encode("phase");
    private static readonly JsonEncodedText Time = JsonEncodedText.Encode("time");
    private static readonly JsonEncodedText Number = JsonEncodedText.Encode("operation");
    private static readonly JsonEncodedText Session = JsonEncodedText.Encode("session");
    private static readonly JsonEncodedText[] Phases =
        [JsonEncodedText.Encode("decision"), JsonEncodedText.Encode("outcome"), JsonEncodedText.Encode("layer-stalled")];

    private static readonly JsonEncodedText[] Surfaces =
        [.. Enum.GetNames<Surface>().Select(name => JsonEncodedText.Encode(name))];

    private static readonly JsonEncodedText[] EffectNames =
        [.. Enumerable.Range(0, (int)Effects.All + 1).Select(value => JsonEncodedText.Encode(((Effects)value).ToString()))];

    private static readonly JsonEncodedText[] Kinds =
        [.. Enum.GetNames<DecisionKind>().Select(name => JsonEncodedText.Encode(name))];

    private static readonly JsonEncodedText[] Statuses =
        [.. Enum.GetNames<OutcomeStatus>().Select(name => JsonEncodedText.Encode(name))];

    internal static void Write(AuditEntry entry, in AuditRecord record, long repeats = 0)
    {
        var json = entry.Json;
        json.WriteStartObject();
        json.WriteString(Phase, Phases[(int)record.Phase]);
        json.WriteString(Time, record.Time);
        json.WriteNumber(Number, record.Sequence);
        if (record.Session is { } session)
        {
            json.WriteString(Session, session.Id);
        }

        if (record.Phase == AuditPhase.Outcome)
        {
            WriteOutcome(json, record.Outcome);
        }
        else
        {
            WriteDecision(json, record, repeats);
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteOutcome(Utf8JsonWriter json, in OperationOutcome outcome)
    {
        json.WriteString("status"u8, Statuses[(int)outcome.Status]);
        json.WriteNumber("bytesIn"u8, outcome.BytesIn);
        json.WriteNumber("bytesOut"u8, outcome.BytesOut);
        json.WriteNumber("rows"u8, outcome.Rows);
        if (outcome.StoppedBy is { } reason)
        {
            Text(json, "rule"u8, reason.Rule, null);
        }
    }

    private static void WriteDecision(Utf8JsonWriter json, in AuditRecord record, long repeats)
    {
        var operation = record.Operation;
        var redaction = record.Policy is { } policy ? TextRedaction.Of(policy) : TextRedaction.Default;
        if (record.Session is { } session)
        {
            Text(json, "agent"u8, session.Agent, null);
            Text(json, "conversation"u8, session.ConversationId, redaction);
        }

        Text(json, "tenant"u8, operation.Principal.Tenant, null);
        Text(json, "principal"u8, operation.Principal.Id, null);
        json.WriteString("surface"u8, Surfaces[(int)operation.Surface]);
        json.WriteString("effects"u8, EffectNames[(int)(operation.Effects & Effects.All)]);
        Text(json, "resource"u8, operation.Resource, redaction);
        if (operation is DatabaseOperation database)
        {
            Text(json, "statement"u8, database.Statement, redaction);
        }
        else if (operation is FunctionOperation function)
        {
            Hash(json, "argumentsHash"u8, JsonMarshal.GetRawUtf8Value(function.Arguments));
        }

        json.WriteString("decision"u8, Kinds[(int)record.Decision.Kind]);
        if (record.Decision.Reason is { } reason)
        {
            Text(json, "rule"u8, reason.Rule, null);
        }

        Text(json, "approval"u8, record.ApprovalId, null);
        if (repeats > 0)
        {
            json.WriteNumber("repeated"u8, repeats);
        }

        if (record.Policy is { } inForce)
        {
            json.WriteString("policy"u8, inForce.Hash);
            if (record.Decision.Kind != DecisionKind.Allow && repeats == 0)
            {
                WriteVotes(json, record, inForce);
            }
        }
    }

    private static void WriteVotes(Utf8JsonWriter json, in AuditRecord record, Policy policy)
    {
        if (record.Session is not { } session || record.Phase == AuditPhase.LayerStalled)
        {
            return;
        }

        IReadOnlyList<LayerVote> votes;
        try
        {
            votes = policy.Explain(record.Operation, session).Votes;
        }
        catch (Exception)
        {
            // The decision stands; only its explanation is missing.
            return;
        }

        json.WriteStartArray("votes"u8);
        foreach (var vote in votes.Take(MaxVotes))
        {
            json.WriteStartObject();
            Text(json, "layer"u8, vote.Layer, null);
            Text(json, "vote"u8, vote.Vote, null);
            Text(json, "rule"u8, vote.Reason?.Rule, null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value, TextRedaction? redaction)
    {
        if (value is null)
        {
            return;
        }

        var shown = redaction is null ? value : redaction.Apply(value);
        if (shown.Length <= MaxField)
        {
            json.WriteString(name, shown);
            return;
        }

        var cut = char.IsHighSurrogate(shown[MaxField - 1]) ? MaxField - 1 : MaxField;
        json.WriteStartObject(name);
        json.WriteString("start"u8, shown.AsSpan(0, cut));
        json.WriteNumber("length"u8, shown.Length);
        Hash(json, "sha256"u8, Encoding.UTF8.GetBytes(shown));
        json.WriteEndObject();
    }

    private static void Hash(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        Convert.TryToHexStringLower(hash, hex, out _);
        json.WriteString(name, hex);
    }
}
