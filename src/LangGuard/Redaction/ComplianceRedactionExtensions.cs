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
}
