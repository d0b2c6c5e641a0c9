namespace LangGuard.Redaction;

/// <summary>Looks forward from the beginning of one shape of secret.</summary>
internal sealed class SecretMatcher(string kind, bool caseSensitive, SecretMatcher.Look look)
{
    /// <summary>Looks from an anchor.</summary>
    internal delegate SecretMatch Look(ReadOnlySpan<char> text, int at, int anchorLength);

    internal string Kind => kind;

    internal bool CaseSensitive => caseSensitive;

    internal SecretMatch Match(ReadOnlySpan<char> text, int at, int anchorLength) => look(text, at, anchorLength);
}
