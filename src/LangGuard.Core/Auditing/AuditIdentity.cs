using LangGuard.Redaction;

namespace LangGuard.Auditing;

/// <summary>Who acted, as text that is used again while the same session records. Holds names only, so that it keeps no
/// session alive.</summary>
internal sealed class AuditIdentity
{
    private byte[] _text = [];
    private string? _agent;
    private string? _conversation;
    private string? _tenant;
    private string? _principal;
    private TextRedaction? _redaction;

    /// <summary>The text, when it was kept for these very names.</summary>
    internal ReadOnlySpan<byte> Of(string? agent, string? conversation, Principal principal, TextRedaction redaction) =>
        ReferenceEquals(agent, _agent)
        && ReferenceEquals(conversation, _conversation)
        && ReferenceEquals(principal.Tenant, _tenant)
        && ReferenceEquals(principal.Id, _principal)
        && ReferenceEquals(redaction, _redaction)
            ? _text
            : [];

    internal void Keep(
        string? agent, string? conversation, Principal principal, TextRedaction redaction, ReadOnlySpan<byte> text)
    {
        (_agent, _conversation, _tenant, _principal, _redaction) =
            (agent, conversation, principal.Tenant, principal.Id, redaction);
        _text = text.ToArray();
    }
}
