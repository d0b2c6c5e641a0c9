namespace LangGuard.Redaction;

/// <summary>Finds text that must not reach a model, a log or an audit record. The extension point for secrets of the
/// host's own.</summary>
/// <remarks>Pure, thread-safe and linear in the length of the text. Redactors see the original text and never each
/// other's work, so their order does not matter. When one throws, the whole text is withheld.</remarks>
public abstract class Redactor
{
    /// <summary>The shapes of private keys, tokens of well-known services, bearer headers, connection strings and
    /// settings that hold a password. On by default.</summary>
    public static Redactor KnownSecrets { get; } = new KnownSecretRedactor();

    /// <summary>Finds what must not be shown.</summary>
    /// <param name="text">The whole text; hostile.</param>
    /// <param name="found">Takes what was found.</param>
    public abstract void Find(ReadOnlySpan<char> text, SecretSpans found);
}
