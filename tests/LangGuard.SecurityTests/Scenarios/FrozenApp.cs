using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>An app builder goes on changing rows after the host has frozen it.</summary>
internal sealed class FrozenApp : Scenario
{
    internal override string User => "Set all orders to paid, and delete the old ones.";

    internal override IReadOnlyList<string?> Rules => ["misuse.frozen", "misuse.frozen", null];

    internal override void Plant(ScenarioWorld world) =>
        world.Sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT); INSERT INTO orders VALUES (1, 'open'), (2, 'open')");

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Database("app", db => db.UseSqlite(world.DatabaseFile).Trusted().Select("orders").Update("orders").Delete("orders")));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        _ =>
        {
            world.Session?.Freeze();
            return Step.Execute("UPDATE orders SET status = 'paid' WHERE id > 0");
        },
        Do(Step.Execute("DELETE FROM orders WHERE id > 0")),
        Do(Step.Query("SELECT count(*) FROM orders")),
    ];
}
