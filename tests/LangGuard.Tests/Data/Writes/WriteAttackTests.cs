using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data.Writes;

/// <summary>Ways to change, or to learn of, rows beyond the own tenant's, on both engines.</summary>
public sealed class WriteAttackTests
{
    public static TheoryData<string> Engines { get; } = [WriteShop.Sqlite, WriteShop.PostgreSql];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Other_tables_in_an_update_show_only_own_rows(string engine)
    {
        using var shop = new WriteShop(engine);
        const string Steal = "UPDATE projects SET name = t.title FROM tasks AS t WHERE t.id = 3 AND projects.id = 1";
        using (var session = shop.Session(WriteShop.Confined))
        {
            WriteShop.Execute(session, Steal).Should().Be(0);
            WriteShop.Execute(session, "UPDATE projects SET budget = (SELECT count(*) FROM tasks) WHERE id = 1").Should().Be(1);
            shop.Count("projects WHERE id = 1 AND budget = 2").Should().Be(1, "two of the four tasks are the tenant's");
            WriteShop.Execute(session, "UPDATE projects SET name = 'x' FROM tasks AS t WHERE t.project_id = projects.id AND projects.id = 3")
                .Should().Be(0);
            WriteShop.Execute(session, "DELETE FROM tasks WHERE project_id IN (SELECT id FROM projects WHERE tenant = 'fabrikam')")
                .Should().Be(0);
        }

        shop.Count("projects WHERE name = 'three'").Should().Be(0);
        using var open = shop.Session(db => WriteShop.All(db));
        WriteShop.Execute(open, Steal).Should().Be(1, "without a row filter it works");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void New_rows_are_made_of_own_rows_only(string engine)
    {
        using var shop = new WriteShop(engine);
        const string Copy = "INSERT INTO tasks (id, tenant, project_id, title) SELECT id + 100, 'contoso', 1, name FROM projects";
        using (var session = shop.Session(WriteShop.Confined))
        {
            WriteShop.Execute(session, Copy).Should().Be(2);
            WriteShop.Rule(() => WriteShop.Execute(
                session, "INSERT INTO tasks (id, tenant, project_id, title) SELECT 200 + id, CASE id WHEN 1 THEN 'contoso' ELSE 'fabrikam' END, 1, 'x' FROM projects"))
                .Should().Be("database.row-scope");
            WriteShop.Rule(() => WriteShop.Execute(session, "INSERT INTO tasks (id, tenant) VALUES (300, @t)", ("@t", "fabrikam")))
                .Should().Be("database.row-scope");
            WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE tasks SET tenant = @t WHERE id = 1", ("@t", "fabrikam")))
                .Should().Be("database.row-scope");
        }

        shop.Count("tasks WHERE title = 'Vostok'").Should().Be(0);
        shop.Count("tasks WHERE id >= 200").Should().Be(0);
        shop.Run("DELETE FROM tasks WHERE id > 100");
        using var open = shop.Session(db => WriteShop.All(db));
        WriteShop.Execute(open, Copy).Should().Be(3, "without a row filter it copies all");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_conflict_does_not_reach_the_row_in_the_way(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        foreach (var sql in (string[])[
            "INSERT INTO projects (id, tenant, name) VALUES (9, 'contoso', 'Vostok') ON CONFLICT (name) DO UPDATE SET budget = 0",
            "INSERT INTO projects (id, tenant, name) VALUES (3, 'contoso', 'x') ON CONFLICT (id) DO UPDATE SET name = 'mine' WHERE 1 = 1 OR projects.id > 0",
            "INSERT INTO projects (id, tenant, name) VALUES (3, 'contoso', 'x') ON CONFLICT DO NOTHING"])
        {
            WriteShop.Execute(session, sql).Should().Be(0, sql);
        }

        foreach (var sql in (string[])[
            "INSERT INTO projects (id, tenant, name) VALUES (3, 'contoso', 'x') ON CONFLICT (id) DO UPDATE SET tenant = 'contoso'",
            "INSERT OR REPLACE INTO projects (id, tenant, name) VALUES (3, 'contoso', 'x')",
            "REPLACE INTO projects (id, tenant, name) VALUES (3, 'contoso', 'x')"])
        {
            FluentActions.Invoking(() => WriteShop.Execute(session, sql)).Should().Throw<DbAccessDeniedException>(sql);
        }

        shop.Count("projects WHERE id = 3 AND tenant = 'fabrikam' AND name = 'Vostok' AND budget = 30").Should().Be(1);

        // Control: of the own tenant it is an ordinary upsert.
        WriteShop.Execute(
            session, "INSERT INTO projects (id, tenant, name) VALUES (9, 'contoso', 'Apollo') ON CONFLICT (name) DO UPDATE SET budget = 0").Should().Be(1);
        shop.Count("projects WHERE id = 1 AND budget = 0").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Returned_rows_hold_no_denied_column_and_no_key_of_the_guard(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.DenyColumns("projects", "secret").KeepUndo();
        });
        foreach (var sql in (string[])[
            "UPDATE projects SET budget = 0 WHERE id = 1 RETURNING secret", "UPDATE projects SET budget = 0 WHERE id = 1 RETURNING *",
            "DELETE FROM projects WHERE id = 1 RETURNING upper(secret)",
            "INSERT INTO projects (id, tenant, name) VALUES (7, 'contoso', 'x') RETURNING (SELECT max(secret) FROM projects)"])
        {
            WriteShop.Rule(() => WriteShop.Execute(session, sql)).Should().Be("database.column", sql);
        }

        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO projects (id, tenant, name) VALUES (7, 'contoso', 'x') RETURNING name";
        using (var reader = command.ExecuteReader())
        {
            reader.FieldCount.Should().Be(1);
            reader.Read().Should().BeTrue();
            reader.GetName(0).Should().Be("name");
            reader.GetString(0).Should().Be("x");
        }

        session.DatabaseChanges("shop").All.Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_constraint_that_is_checked_late_leaves_nothing_behind(string engine)
    {
        using var shop = new WriteShop(engine);
        shop.Run("CREATE TABLE later (id INTEGER PRIMARY KEY, project_id INTEGER REFERENCES projects DEFERRABLE INITIALLY DEFERRED)");
        using var session = shop.Session(db => db.Select("later", "projects").Insert("later").Update("projects"));
        const string Wrong = "INSERT INTO later VALUES (1, 4711)";
        for (var i = 0; i < 20; i++)
        {
            FluentActions.Invoking(() => WriteShop.Execute(session, Wrong)).Should().Throw<GuardedDatabaseException>()
                .WithMessage("*constraint*").Which.Message.Should().NotContain("4711");
        }

        using (var connection = session.Database("shop").OpenConnection())
        {
            var transaction = connection.BeginTransaction();
            WriteShop.Execute(connection, Wrong).Should().Be(1);
            FluentActions.Invoking(transaction.Commit).Should().Throw<GuardedDatabaseException>()
                .WithMessage("*constraint*").Which.Message.Should().NotContain("4711");
            WriteShop.Execute(connection, "INSERT INTO later VALUES (2, 1)").Should().Be(1);
        }

        shop.Count("later").Should().Be(1);
        shop.Leftovers().Should().Be(0);

        // Nobody holds a lock on the file.
        shop.Run("UPDATE projects SET budget = 1 WHERE id = 1");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void After_a_stopped_change_a_transaction_does_not_go_on_in_part(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db).Limit(limits =>
            (limits.Timeout, limits.MaxCost) = (TimeSpan.FromMilliseconds(200), null)));
        using (var connection = session.Database("shop").OpenConnection())
        {
            using var transaction = connection.BeginTransaction();
            WriteShop.Execute(connection, "UPDATE projects SET budget = 1 WHERE id = 1").Should().Be(1);
            WriteShop.Rule(() => WriteShop.Execute(connection, """
                UPDATE projects SET budget = (WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r)
                WHERE id = 2
                """)).Should().Be("database.time-limit");
            try
            {
                WriteShop.Execute(connection, "UPDATE projects SET budget = 1 WHERE id = 3");
                transaction.Commit();
            }
            catch (GuardedDatabaseException)
            {
                // SQLite takes the whole transaction back by itself; then nothing more of it may run.
            }
        }

        shop.Count("projects WHERE budget = 1").Should().BeOneOf(0, 2);
        shop.Leftovers().Should().Be(0);
        WriteShop.Execute(session, "UPDATE projects SET budget = 5 WHERE id = 1").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Cancelled_commits_are_made_once_or_not_at_all(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.KeepUndo().Limit(limits => limits.MaxConnections = 1);
        });
        var source = session.Database("shop");
        var random = new Random(4711);
        var made = 0;
        for (var i = 0; i < 60; i++)
        {
            var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = budget + 1 WHERE id = 1");
            using var cancelled = new CancellationTokenSource();
            cancelled.CancelAfter(TimeSpan.FromMicroseconds(random.Next(0, 6_000)));
            try
            {
                made += await source.CommitWriteAsync(preview.Token, cancelled.Token);
            }
            catch (OperationCanceledException)
            {
                // Nothing was changed, as the count says at the end.
            }
        }

        shop.Count($"projects WHERE id = 1 AND budget = {10 + made}").Should().Be(1);
        session.DatabaseChanges("shop").All.Should().HaveCount(made);
        SpinWait.SpinUntil(() => shop.Leftovers() == 0, TimeSpan.FromSeconds(30)).Should().BeTrue();
        session.DatabaseChanges("shop").Undo().IsComplete.Should().BeTrue();
        shop.Count("projects WHERE id = 1 AND budget = 10").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_trigger_that_comes_after_the_preview_is_seen_at_the_commit(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = 0 WHERE id = 1");
        shop.Run(shop.IsSqlite
            ? "CREATE TRIGGER late AFTER UPDATE ON projects BEGIN DELETE FROM tasks WHERE tenant = 'fabrikam'; END"
            : """
              CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
                  $$ BEGIN DELETE FROM tasks WHERE tenant = 'fabrikam'; RETURN NULL; END $$;
              CREATE TRIGGER late AFTER UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION late()
              """);
        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(preview.Token))).Should().Be("database.side-effect");
        shop.Count("tasks").Should().Be(4);
        shop.Run("UPDATE projects SET budget = 1 WHERE id = 1");
        shop.Count("tasks").Should().Be(2, "the trigger does what it says without the guard");
    }

    [Fact]
    public async Task A_trigger_that_moves_a_key_is_not_followed()
    {
        using var shop = new WriteShop(WriteShop.PostgreSql);
        shop.Run("""
            CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := NEW.id + 1000; RETURN NEW; END $$;
            CREATE TRIGGER move BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION move()
            """);
        using var session = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.KeepUndo();
        });
        (await WriteShop.RuleAsync(() => session.Database("shop").PreviewWriteAsync("UPDATE tasks SET title = 'x' WHERE id = 1")))
            .Should().Be("database.no-preview");
        WriteShop.Rule(() => WriteShop.Execute(session, "UPDATE tasks SET title = 'x' WHERE id = 1")).Should().Be("database.no-undo");
        shop.Count("tasks WHERE id > 1000").Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Values_that_differ_between_two_runs_do_not_touch_other_rows(string engine)
    {
        using var shop = new WriteShop(engine);
        var many = string.Join(", ", Enumerable.Range(100, 60).Select(id => $"({id}, 'contoso', 1, 'x')"));
        shop.Run($"INSERT INTO tasks VALUES {many}");
        using var session = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.Functions("random").KeepUndo();
        });
        var random = shop.IsSqlite ? "abs(random()) % 60" : "floor(random() * 60)";
        var drifts = 0;
        for (var i = 0; i < 10; i++)
        {
            try
            {
                WriteShop.Execute(session, $"UPDATE tasks SET title = 'hit' WHERE id = 100 + {random}");
            }
            catch (DbAccessDeniedException denied)
            {
                denied.Decision.Reason!.Rule.Should().Be("database.drift");
                drifts++;
            }
        }

        var hit = shop.Count("tasks WHERE title = 'hit'");
        session.DatabaseChanges("shop").Undo().IsComplete.Should().BeTrue();
        shop.Count("tasks WHERE title = 'hit'").Should().Be(0, "whatever was hit was kept");
        (drifts + hit).Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_schema_is_never_changed(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db));
        foreach (var sql in (string[])[
            "DROP TABLE tasks", "ALTER TABLE tasks ADD COLUMN x TEXT", "CREATE TABLE x (y INTEGER)", "CREATE INDEX i ON tasks (title)",
            "TRUNCATE tasks", "CREATE VIEW v AS SELECT 1", "CREATE TRIGGER t AFTER INSERT ON tasks BEGIN SELECT 1; END",
            "GRANT ALL ON tasks TO PUBLIC", "COMMENT ON TABLE tasks IS 'x'", "VACUUM", "REINDEX tasks", "ANALYZE tasks",
            "SELECT * INTO copied FROM tasks", "CREATE TABLE copied AS SELECT * FROM tasks", "PRAGMA user_version = 1",
            "DELETE FROM tasks WHERE id = 1; DROP TABLE tasks", "WITH x AS (SELECT 1) DROP TABLE tasks", "/**/DROP/**/TABLE tasks"])
        {
            FluentActions.Invoking(() => WriteShop.Execute(session, sql)).Should().Throw<DbAccessDeniedException>(sql);
        }

        shop.Count("tasks").Should().Be(4);
    }
}
