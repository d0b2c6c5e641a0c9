using System.Text;

namespace LangGuard.Misuse;

/// <summary>One effect that waits for a person. Bound to agent, principal, session, canonical effect and asking rules. Every
/// text is cleaned for people: what is invisible or moves the cursor is spelled out.</summary>
public sealed class ApprovalRequest
{
    /// <summary>What is longer than this is not shown in full, and is not approved by one key.</summary>
    internal const int MostShown = 8_192;

    internal ApprovalRequest(
        string id, string sessionId, string agent, Principal principal, Effects effects, string resource, string canonicalEffect,
        string source, IReadOnlyList<Reason> reasons, IReadOnlyList<ApprovalTarget> targets, DateTimeOffset expires,
        OperationPreview preview = default)
    {
        Id = id;
        SessionId = sessionId;
        Agent = agent;
        Principal = principal;
        Effects = effects;
        Resource = ApprovalText.Clean(resource);
        CanonicalEffect = ApprovalText.Clean(canonicalEffect, keepLines: true);
        Source = source;
        Reasons = reasons;
        Targets = targets;
        Expires = expires;
        Change = preview.Text is null ? null : ApprovalText.Clean(preview.Text, keepLines: true);
        HidesContent = preview.HidesContent;
    }

    /// <summary>A random id of 128 bits.</summary>
    public string Id { get; }

    /// <summary>The session that asks.</summary>
    public string SessionId { get; }

    /// <summary>The agent that asks.</summary>
    public string Agent { get; }

    /// <summary>On whose behalf.</summary>
    public Principal Principal { get; }

    /// <summary>What it does.</summary>
    public Effects Effects { get; }

    /// <summary>The canonical resource.</summary>
    public string Resource { get; }

    /// <summary>The whole effect in canonical form.</summary>
    public string CanonicalEffect { get; }

    /// <summary>What changes, for a person: the lines of a file that go and come, the bytes that are deleted, the rows. Null
    /// where the canonical effect says it all. The approval is bound to the canonical effect.</summary>
    public string? Change { get; }

    /// <summary>Every rule that asks. An approval removes exactly these.</summary>
    public IReadOnlyList<Reason> Reasons { get; }

    /// <summary>What it is aimed at, and where each target came from.</summary>
    public IReadOnlyList<ApprovalTarget> Targets { get; }

    /// <summary>When the request lapses.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Whether <see cref="Text"/> shows the effect in full. If not, a prompt must not approve it by one key.</summary>
    public bool IsShownInFull =>
        !HidesContent && CanonicalEffect.Length <= MostShown && (Change is null || Change.Length <= MostShown);

    /// <summary>The request as text for a person, one fact a line.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            Line(text, "agent", Agent);
            Line(text, "for", Principal.ToString());
            foreach (var reason in Reasons)
            {
                Line(text, "asks", reason.ToString());
            }

            Line(text, "does", $"{Effects} {Resource}");
            foreach (var target in Targets)
            {
                Line(text, "target", $"{target.Name} = {target.Value} ({Describe(target.Origin)})");
            }

            Block(text, CanonicalEffect);
            if (Change is not null)
            {
                text.Append("changes:\n");
                Block(text, Change);
            }

            return text.ToString();
        }
    }

    /// <summary>What is trusted by <see cref="ApprovalAnswer.ThisSource"/>.</summary>
    internal string Source { get; }

    /// <summary>Whether something of the change can not be shown.</summary>
    internal bool HidesContent { get; }

    /// <summary>Marked line by line, so that no line of the effect looks like one of ours.</summary>
    private static void Block(StringBuilder text, string block)
    {
        var shown = block.Length <= MostShown ? block : block[..MostShown];
        foreach (var line in shown.Split('\n'))
        {
            text.Append("  | ").Append(line).Append('\n');
        }

        if (shown.Length < block.Length)
        {
            text.Append("  (").Append(block.Length - shown.Length).Append(" characters more are not shown)\n");
        }
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name).Append(": ").Append(ApprovalText.Clean(value)).Append('\n');

    private static string Describe(TargetOrigin origin) => origin switch
    {
        TargetOrigin.User => "named by the user",
        TargetOrigin.Trusted => "trusted",
        TargetOrigin.EarlierResult => "from an earlier result",
        _ => "nobody vouches for it",
    };
}
