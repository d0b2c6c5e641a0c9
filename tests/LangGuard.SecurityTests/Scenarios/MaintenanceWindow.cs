using LangGuard.Auditing;
using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>Tries a change of rows and sees how many it would be, changes the schema once by a migration that has a name, after a person
/// has approved it, and then makes the change of rows.</summary>
internal sealed class MaintenanceWindow : Scenario
{
    private const string Token = "\"token\":\"";

    private string _dryRun = string.Empty;
    private object? _closed;
    private object? _columns;

    internal override string User => "Add the note to orders, as planned, and close the old ones.";

    internal override IReadOnlyList<string> Changes => ["rows"];

    internal override IReadOnlyList<string?> Rules => [];

    internal override void Plant(ScenarioWorld world) => world.Sql(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT); INSERT INTO orders VALUES (1, 'old'), (2, 'old'), (3, 'new')");

    internal override void Allow(PolicyBuilder guard, ScenarioWorld world) => guard.LimitPermissions(allow => allow
        .Database("app", db => db.UseSqlite(world.DatabaseFile).Trusted().Select("orders").Update("orders").KeepUndo()
            .Migration("add-note", "ALTER TABLE orders ADD COLUMN note TEXT")
            .Migration("remove-note", "ALTER TABLE orders DROP COLUMN note")))
        .AnticipateMisuse(misuse => misuse.RequireApproval(approval =>
            approval.By(new DelegateApprover((_, _) => ValueTask.FromResult(ApprovalAnswer.Once)))));

    internal override IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world) =>
    [
        Do(new Step("preview_write", ("sql", "UPDATE orders SET status = 'closed' WHERE status = 'old'"))),
        answers =>
        {
            _dryRun = answers[0];
            _closed = world.Sql("SELECT count(*) FROM orders WHERE status = 'closed'");
            var from = _dryRun.IndexOf(Token, StringComparison.Ordinal) + Token.Length;
            return new Step("commit_write", ("token", _dryRun[from.._dryRun.IndexOf('"', from)]));
        },
        Do(new Step("database_migrate", ("migration", "add-note"))),
        _ =>
        {
            _columns = Columns(world);
            return Step.Query("SELECT note FROM orders");
        },
    ];

    internal override IEnumerable<string> MoreHarm(ScenarioWorld world)
    {
        if (!_dryRun.Contains("\"affected_rows\":2", StringComparison.Ordinal) || _closed is not 0L)
        {
            yield return $"the dry run said {_dryRun}, and then {_closed} rows were closed";
        }

        if (_columns is not 1L || world.Sql("SELECT count(*) FROM orders WHERE status = 'closed'") is not 2L)
        {
            yield return "the column is not there once, or the rows are not closed";
        }

        var migrations = world.Audit.Decisions.Where(record => record.Decision.IsAllowed && record.ApprovalId is not null).ToList();
        if (migrations is not [{ Operation.Effects: var effects }] || (effects & Effects.Privilege) == 0)
        {
            yield return $"{migrations.Count} approved changes are in the audit";
        }
    }

    /// <summary>How many columns of that name there are.</summary>
    internal static object? Columns(ScenarioWorld world) => world.Sql("SELECT count(*) FROM pragma_table_info('orders') WHERE name = 'note'");
}
