using ComplianceRedactor = Microsoft.Extensions.Compliance.Redaction.Redactor;

namespace LangGuard.Redaction;

/// <summary>Hides what a redactor of Microsoft.Extensions.Compliance changes. That one says what a text becomes, not where: everything
/// from its first change to its last is hidden.</summary>
internal sealed class ForeignRedactor(ComplianceRedactor redactor, string kind) : Redactor
{
    public override void Find(ReadOnlySpan<char> text, SecretSpans found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var shown = redactor.Redact(text).AsSpan();
        var same = text.CommonPrefixLength(shown);
        if (same == text.Length && same == shown.Length)
        {
            return;
        }

        var end = 0;
        var most = Math.Min(text.Length, shown.Length) - same;
        while (end < most && text[^(end + 1)] == shown[^(end + 1)])
        {
            end++;
        }

        // Where it only adds, nothing says what it hides.
        var length = text.Length - same - end;
        if (length > 0)
        {
            found.Add(same, length, kind);
        }
        else if (text.Length > 0)
        {
            found.Add(0, text.Length, kind);
        }
    }
}
