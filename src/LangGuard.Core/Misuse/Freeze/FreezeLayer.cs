namespace LangGuard.Misuse;

/// <summary>Denies everything but reads while the session, its agent or all agents are frozen.</summary>
internal sealed class FreezeLayer(FreezeSwitch? all = null) : MisuseLayer
{
    private static readonly Reason Frozen =
        new("misuse.frozen", "Changes are frozen by the host; only reading is possible.", Retry.Later);

    public override string Name => "misuse.freeze";

    public override Objection Review(Operation operation, GuardSession session) =>
        (operation.Mutates || operation is DatabaseOperation { IsPreview: true }) && (session.IsFrozen || all is { IsFrozen: true }) ? Objection.Deny(Frozen) : Objection.None;
}
