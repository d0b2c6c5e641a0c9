using LangGuard.Misuse;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Changes the schema once by a migration that has a name, after a person has approved it.</summary>
internal sealed class MaintenanceWindow : Scenario
{
    internal override string User => "Add the note to orders, as planned.";

    internal override IReadOnlyList<string> Changes => ["rows"];

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world) =>
        world.Sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL); INSERT INTO orders VALUES (1, 59.5)");

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Database("app", db => db.UseSqlite(world.DatabaseFile).Select("orders").Migration("add-note", "ALTER TABLE orders ADD COLUMN note TEXT")))
        .AnticipateMisuse(misuse => misuse.RequireApproval(approval =>
            approval.By(new DelegateApprover((_, _) => ValueTask.FromResult(ApprovalAnswer.Once)))));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(Step.Query("SELECT count(*) FROM orders")),
        Do(new Step("database_migrate", ("migration", "add-note"))),
        Do(Step.Query("SELECT note FROM orders")),
    ];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world) =>
        world.Sql("SELECT count(*) FROM pragma_table_info('orders') WHERE name = 'note'") is 1L ? [] : ["the column is not there"];
}
