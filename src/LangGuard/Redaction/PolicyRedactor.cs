using ComplianceRedactor = Microsoft.Extensions.Compliance.Redaction.Redactor;

namespace LangGuard.Redaction;

/// <summary>Hides in the host's own logs what the policy hides from models.</summary>
internal sealed class PolicyRedactor(Policy policy) : ComplianceRedactor
{
    public override int GetRedactedLength(ReadOnlySpan<char> input) => Apply(input).Length;

    public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
    {
        var text = Apply(source);
        text.CopyTo(destination);
        return text.Length;
    }

    private string Apply(ReadOnlySpan<char> text) => TextRedaction.Of(policy).Apply(text.ToString());
}
