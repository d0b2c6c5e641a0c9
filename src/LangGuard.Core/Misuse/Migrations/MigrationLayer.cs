using LangGuard.Permissions;

namespace LangGuard.Misuse;

/// <summary>Asks for every change of a schema, whatever else the policy asks for.</summary>
internal sealed class MigrationLayer : MisuseLayer
{
    public override string Name => "misuse.migrations";

    public override bool Covers(Surface surface) => surface == Surface.Database;

    public override Objection Review(Operation operation, GuardSession session) =>
        operation is DatabaseOperation { Migration: not null } ? Objection.Ask(DatabaseReasons.Migration) : Objection.None;
}
