namespace LangGuard.Redaction;

/// <summary>One place that must not be shown.</summary>
internal readonly record struct SecretSpan(int Start, int Length, string Kind)
{
    internal int End => Start + Length;
}
