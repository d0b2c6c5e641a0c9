namespace LangGuard.Redaction;

/// <summary>Where a secret is. <c>default</c> is nowhere.</summary>
internal readonly record struct SecretMatch(int Start, int Length)
{
    internal static SecretMatch None => default;

    internal static SecretMatch At(int start, int end) => end > start ? new(start, end - start) : None;
}
