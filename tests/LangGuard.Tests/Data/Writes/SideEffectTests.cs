using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data.Writes;

/// <summary>What triggers and foreign keys do when an agent changes rows, on both engines.</summary>
public sealed class SideEffectTests
{
    public static TheoryData<string> Engines { get; } = [WriteShop.Sqlite, WriteShop.PostgreSql];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_cascade_does_not_reach_rows_of_another_tenant(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);

        // Project 2 is the own tenant's, but one of its tasks is not.
        WriteShop.Rule(() => WriteShop.Execute(session, "DELETE FROM projects WHERE id = 2")).Should().Be("database.side-effect");
        shop.Count("tasks").Should().Be(4);
        shop.Count("projects").Should().Be(3);

        // Without the guard it does.
        shop.Run($"{Keys(shop)}DELETE FROM projects WHERE id = 2");
        shop.Count("tasks").Should().Be(3);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_cascade_into_a_granted_table_is_counted(string engine)
    {
        using var shop = new WriteShop(engine);
        using (var few = shop.Session(db => WriteShop.All(db).Limit(limits => limits.MaxAffectedRows = 2)))
        {
            WriteShop.Rule(() => WriteShop.Execute(few, "DELETE FROM projects WHERE id = 1")).Should().Be("database.affected-rows");
            shop.Count("tasks").Should().Be(4);
        }

        using var session = shop.Session(db => WriteShop.All(db).Limit(limits => limits.MaxAffectedRows = 3));
        WriteShop.Execute(session, "DELETE FROM projects WHERE id = 1").Should().Be(1);
        shop.Count("tasks").Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_cascade_into_a_table_that_is_not_granted_is_refused(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => db.Select("projects", "tasks").Delete("projects"));
        WriteShop.Rule(() => WriteShop.Execute(session, "DELETE FROM projects WHERE id = 1"))
            .Should().BeOneOf("database.side-effect", "database.engine-refused");
        shop.Count("tasks").Should().Be(4);
        using var named = shop.Session(db => db.Select("projects").Delete("projects").SideEffects("tasks"));
        WriteShop.Execute(named, "DELETE FROM projects WHERE id = 1").Should().Be(1);
        shop.Count("tasks").Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_trigger_may_write_to_the_tables_that_are_named_for_it(string engine)
    {
        using var shop = new WriteShop(engine);
        LogUpdates(shop);
        using (var session = shop.Session(WriteShop.Confined))
        {
            WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE projects SET budget = 11 WHERE id = 1"))
                .Should().BeOneOf("database.side-effect", "database.engine-refused");
            shop.Count("log").Should().Be(0);
            shop.Count("projects WHERE budget = 11").Should().Be(0);
        }

        using var named = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.SideEffects("log");
        });
        WriteShop.Execute(named, "UPDATE projects SET budget = 11 WHERE id = 1").Should().Be(1);
        shop.Count("log").Should().Be(1);

        // Named for triggers, it is still not the agent's.
        WriteShop.Rule(() => WriteShop.Execute(named, "INSERT INTO log (text) VALUES ('x')")).Should().Be("database.table");
        WriteShop.Rule(() => WriteShop.Execute(named, "DELETE FROM log WHERE id > 0")).Should().Be("database.table");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_trigger_does_not_change_more_rows_of_a_confined_table(string engine)
    {
        using var shop = new WriteShop(engine);
        shop.Run(shop.IsSqlite
            ? "CREATE TRIGGER spread AFTER UPDATE OF budget ON projects WHEN new.id = 1 BEGIN UPDATE projects SET name = name || '!' WHERE id = 3; END"
            : """
              CREATE FUNCTION spread() RETURNS trigger LANGUAGE plpgsql AS
                  $$ BEGIN UPDATE projects SET name = name || '!' WHERE id = 3; RETURN NULL; END $$;
              CREATE TRIGGER spread AFTER UPDATE OF budget ON projects FOR EACH ROW WHEN (new.id = 1) EXECUTE FUNCTION spread()
              """);
        using var session = shop.Session(WriteShop.Confined);
        WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE projects SET budget = 11 WHERE id = 1")).Should().Be("database.side-effect");
        shop.Count("projects WHERE name = 'Vostok'").Should().Be(1);
        WriteShop.Execute(session, "UPDATE projects SET budget = 21 WHERE id = 2").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_foreign_key_to_a_table_that_is_not_granted_is_kept(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => db.Insert("tasks").Select("tasks"));
        WriteShop.Execute(session, "INSERT INTO tasks (id, tenant, project_id, title) VALUES (9, 'contoso', 1, 'new')").Should().Be(1);
        FluentActions.Invoking(() => WriteShop.Execute(
                session, "INSERT INTO tasks (id, tenant, project_id, title) VALUES (10, 'contoso', 4711, 'new')"))
            .Should().Throw<GuardedDatabaseException>().WithMessage("*FOREIGN KEY*").Which.Message.Should().NotContain("4711");
        WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE tasks SET title = (SELECT id FROM projects) WHERE id = 1"))
            .Should().Be("database.table");
    }

    [Fact]
    public void A_confined_table_is_changed_by_one_change_at_a_time()
    {
        using var shop = new WriteShop(WriteShop.PostgreSql);
        using var session = shop.Session(WriteShop.Confined);
        WriteShop.Rule(() => WriteShop.Execute(session, """
            WITH gone AS (DELETE FROM projects WHERE id = 2 RETURNING id)
            DELETE FROM tasks WHERE id = 1 AND EXISTS (SELECT 1 FROM gone)
            """)).Should().Be("database.side-effect");
        shop.Count("tasks").Should().Be(4);
    }

    [Fact]
    public void Tables_without_row_ids_are_counted_too()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        shop.Run("""
            CREATE TABLE flat (id TEXT PRIMARY KEY, tenant TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE hidden (id TEXT PRIMARY KEY) WITHOUT ROWID;
            INSERT INTO flat VALUES ('a', 'contoso'), ('b', 'fabrikam'); INSERT INTO hidden VALUES ('x');
            """);
        using (var session = shop.Session(db => db.Select("flat").Update("flat").Delete("flat").RowsOfTenant("flat", "tenant")))
        {
            WriteShop.Execute(session, "UPDATE flat SET id = 'c' WHERE id = 'a'").Should().Be(1);
        }

        shop.Run("CREATE TRIGGER sneak AFTER DELETE ON flat BEGIN DELETE FROM hidden; END");
        using var named = shop.Session(db => db.Select("flat", "hidden").Delete("flat", "hidden").RowsOfTenant("flat", "tenant"));
        WriteShop.Rule(() => WriteShop.Execute(named, "DELETE FROM flat WHERE id = 'c'")).Should().Be("database.side-effect");
        shop.Count("hidden").Should().Be(1);
    }

    private static string Keys(WriteShop shop) => shop.IsSqlite ? "PRAGMA foreign_keys = 1;" : string.Empty;

    private static void LogUpdates(WriteShop shop) => shop.Run(shop.IsSqlite
        ? "CREATE TRIGGER note AFTER UPDATE ON projects BEGIN INSERT INTO log (text) VALUES (new.name); END"
        : """
          CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO log (text) VALUES (new.name); RETURN NULL; END $$;
          CREATE TRIGGER note AFTER UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION note()
          """);
}
