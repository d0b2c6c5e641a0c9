namespace LangGuard.Misuse;

/// <summary>Denies what would carry a secret out, or into a row that others read: configured values in every encoding, and keys of
/// known shape.</summary>
internal sealed class SecretLayer(OutgoingScan scan) : MisuseLayer
{
    private static readonly Reason Outgoing = new(
        "secrets.outgoing", "What is sent holds a secret. Secrets are attached by the host, never by an agent.");

    public override string Name => "misuse.secrets";

    public override bool Covers(Surface surface) => surface is Surface.Http or Surface.Functions or Surface.Database;

    public override Objection Review(Operation operation, GuardSession session) =>
        scan.HoldsSecret(operation) ? Objection.Deny(Outgoing) : Objection.None;
}
