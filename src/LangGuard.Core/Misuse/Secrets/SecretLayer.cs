using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>Denies what would carry a secret out: configured values in every encoding, and keys of known shape.</summary>
internal sealed class SecretLayer : MisuseLayer
{
    private static readonly Reason Outgoing = new(
        "secrets.outgoing", "What is sent holds a secret. Secrets are attached by the host, never by an agent.");

    // Shapes that are ordinary in requests, or that only look at a word before a value.
    private static readonly HashSet<string> Ordinary =
        new(StringComparer.Ordinal)
        {
            "password", "url-password", "authorization-header", "bearer-token", "azure-signature", "aws-signature", "jwt",
        };

    private readonly ValueRedactor? _values;
    private readonly OutgoingText.Test _test;

    private SecretLayer(IReadOnlyList<string> values)
    {
        _values = values.Count == 0 ? null : new ValueRedactor(values);
        _test = Holds;
    }

    public override string Name => "misuse.secrets";

    public override bool Covers(Surface surface) => surface is Surface.Http or Surface.Functions;

    internal static SecretLayer Compile(PolicyDependencies dependencies) =>
        new(dependencies.Get<RedactorSet>()?.Values ?? []);

    public override Objection Review(Operation operation, GuardSession session) =>
        OutgoingText.Any(operation, _test) ? Objection.Deny(Outgoing) : Objection.None;

    private bool Holds(ReadOnlySpan<char> text)
    {
        if (_values is not null && _values.IsIn(text))
        {
            return true;
        }

        if (!KnownSecretRedactor.MayHold(text))
        {
            return false;
        }

        var found = new SecretSpans(text.Length);
        Redactor.KnownSecrets.Find(text, found);
        return found.Count > 0 && found.AnyKind(static kind => !Ordinary.Contains(kind));
    }
}
