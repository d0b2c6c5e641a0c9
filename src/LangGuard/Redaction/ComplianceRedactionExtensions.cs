using LangGuard.Redaction;
using ComplianceRedactor = Microsoft.Extensions.Compliance.Redaction.Redactor;

namespace LangGuard;

/// <summary>Joins the redaction of a policy with Microsoft.Extensions.Compliance.</summary>
public static class ComplianceRedactionExtensions
{
    /// <summary>A redactor for the host's own logs and telemetry, which hides what the policy hides: known secret shapes and
    /// every configured value, in every encoding. When it can not look, it withholds the text.</summary>
    /// <param name="policy">The policy.</param>
    public static ComplianceRedactor ToComplianceRedactor(this Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new PolicyRedactor(policy);
    }

    /// <summary>Uses a redactor of the host's, such as one that a <c>IRedactorProvider</c> gives for a classification, on tool results,
    /// logs and audit records. Hidden is everything from its first change of a text to its last; an erasing redactor hides every
    /// text.</summary>
    /// <param name="redactor">The redactor; thread-safe. When it throws, the text is withheld.</param>
    /// <param name="kind">What it hides, shown in its stead: lower-case words with <c>-</c>.</param>
    public static Redactor ToLangGuardRedactor(this ComplianceRedactor redactor, string kind = "classified")
    {
        ArgumentNullException.ThrowIfNull(redactor);
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        return new ForeignRedactor(redactor, kind);
    }
}
