using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LangGuard.Redaction;

namespace LangGuard.Auditing;

/// <summary>Turns a record into text: hidden values are redacted before anything is hashed, long fields are cut and
/// stand with the hash of the whole.</summary>
internal static class AuditRecordWriter
{
    private const int MaxField = 512;
    private const int MaxVotes = 16;

    // Names of our own, which need no escapes.
    private static readonly byte[][] Begins = All(["decision", "outcome", "layer-stalled", "policy-reloaded", "policy-reload-failed"], phase => $$"""{"phase":"{{phase}}","time":""");

    private static readonly byte[][] Surfaces = All(Enum.GetNames<Surface>(), name => $",\"surface\":\"{name}\"");

    private static readonly byte[][] EffectNames = All(
        Enumerable.Range(0, (int)Effects.All + 1).Select(value => ((Effects)value).ToString()), name => $",\"effects\":\"{name}\"");

    private static readonly byte[][] Kinds = All(Enum.GetNames<DecisionKind>(), name => $",\"decision\":\"{name}\"");

    private static readonly byte[][] Statuses = All(Enum.GetNames<OutcomeStatus>(), name => $",\"status\":\"{name}\"");

    internal static void Write(AuditEntry entry, in AuditRecord record, long repeats = 0)
    {
        entry.Add(Begins[(int)record.Phase]);
        entry.Add(record.Time);
        entry.Add(",\"operation\":"u8);
        entry.Add(record.Sequence);
        if (record.Session is { } session)
        {
            entry.Add(",\"session\":"u8);
            entry.Add(session.Id.AsSpan());
        }

        if (record.Phase == AuditPhase.Outcome)
        {
            WriteOutcome(entry, record.Outcome);
        }
        else
        {
            WriteDecision(entry, record, repeats);
        }

        entry.Add("}"u8);
    }

    private static byte[][] All(IEnumerable<string> names, Func<string, string> text) =>
        [.. names.Select(name => Encoding.ASCII.GetBytes(text(name)))];

    private static void WriteOutcome(AuditEntry entry, in OperationOutcome outcome)
    {
        entry.Add(Statuses[(int)outcome.Status]);
        entry.Add(",\"bytesIn\":"u8);
        entry.Add(outcome.BytesIn);
        entry.Add(",\"bytesOut\":"u8);
        entry.Add(outcome.BytesOut);
        entry.Add(",\"rows\":"u8);
        entry.Add(outcome.Rows);
        if (outcome.StoppedBy is { } reason)
        {
            Text(entry, ",\"rule\":"u8, reason.Rule, null);
        }
    }

    private static void WriteDecision(AuditEntry entry, in AuditRecord record, long repeats)
    {
        var operation = record.Operation;
        var redaction = record.Policy is { } policy ? TextRedaction.Of(policy) : TextRedaction.Default;
        WriteIdentity(entry, record.Session, operation.Principal, redaction);
        entry.Add(Surfaces[(int)operation.Surface]);
        entry.Add(EffectNames[(int)(operation.Effects & Effects.All)]);
        Text(entry, ",\"resource\":"u8, operation.Resource, redaction);
        if (operation is DatabaseOperation database)
        {
            Text(entry, ",\"statement\":"u8, database.Statement, redaction);
        }
        else if (operation is FunctionOperation function)
        {
            Hash(entry, ",\"argumentsHash\":"u8, JsonMarshal.GetRawUtf8Value(function.Arguments));
        }

        entry.Add(Kinds[(int)record.Decision.Kind]);
        Text(entry, ",\"rule\":"u8, record.Decision.Reason?.Rule, null);
        Text(entry, ",\"reported\":"u8, record.Reported?.Rule, null);
        Text(entry, ",\"approval\":"u8, record.ApprovalId, null);
        if (repeats > 0)
        {
            entry.Add(",\"repeated\":"u8);
            entry.Add(repeats);
        }

        if (record.Policy is { } inForce)
        {
            entry.Add(",\"policy\":"u8);
            entry.Add(inForce.Hash.AsSpan());
            if (record.Decision.Kind != DecisionKind.Allow && repeats == 0)
            {
                WriteVotes(entry, record, inForce);
            }
        }
    }

    private static void WriteIdentity(AuditEntry entry, GuardSession? session, Principal principal, TextRedaction redaction)
    {
        var (agent, conversation) = (session?.Agent, session?.ConversationId);
        var kept = entry.Identity.Of(agent, conversation, principal, redaction);
        if (kept.Length > 0)
        {
            entry.Add(kept);
            return;
        }

        var start = entry.Length;
        Text(entry, ",\"agent\":"u8, agent, null);
        Text(entry, ",\"conversation\":"u8, conversation, redaction);
        Text(entry, ",\"tenant\":"u8, principal.Tenant, null);
        Text(entry, ",\"principal\":"u8, principal.Id, null);
        entry.Identity.Keep(agent, conversation, principal, redaction, entry.Since(start));
    }

    private static void WriteVotes(AuditEntry entry, in AuditRecord record, Policy policy)
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

        entry.Add(",\"votes\":["u8);
        var before = "{\"layer\":"u8;
        foreach (var vote in votes.Take(MaxVotes))
        {
            Text(entry, before, vote.Layer, null);
            Text(entry, ",\"vote\":"u8, vote.Vote, null);
            Text(entry, ",\"rule\":"u8, vote.Reason?.Rule, null);
            entry.Add("}"u8);
            before = ",{\"layer\":"u8;
        }

        entry.Add("]"u8);
    }

    /// <summary>Adds a property; nothing when there is no value.</summary>
    private static void Text(AuditEntry entry, ReadOnlySpan<byte> property, string? value, TextRedaction? redaction)
    {
        if (value is null)
        {
            return;
        }

        var shown = redaction is null ? value : redaction.Apply(value);
        entry.Add(property);
        if (shown.Length <= MaxField)
        {
            entry.Add(shown.AsSpan());
            return;
        }

        var cut = char.IsHighSurrogate(shown[MaxField - 1]) ? MaxField - 1 : MaxField;
        entry.Add("{\"start\":"u8);
        entry.Add(shown.AsSpan(0, cut));
        entry.Add(",\"length\":"u8);
        entry.Add(shown.Length);
        Hash(entry, ",\"sha256\":"u8, shown);
        entry.Add("}"u8);
    }

    private static void Hash(AuditEntry entry, ReadOnlySpan<byte> property, string text)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            Hash(entry, property, utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8, clearArray: true);
        }
    }

    private static void Hash(AuditEntry entry, ReadOnlySpan<byte> property, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        Span<char> hex = stackalloc char[2 * SHA256.HashSizeInBytes];
        Convert.TryToHexStringLower(hash, hex, out _);
        entry.Add(property);
        entry.Add((ReadOnlySpan<char>)hex);
    }
}
