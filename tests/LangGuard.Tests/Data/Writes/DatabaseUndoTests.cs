using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data.Writes;

/// <summary>Rows that a session changed, brought back, on both engines.</summary>
public sealed class DatabaseUndoTests
{
    public static TheoryData<string> Engines { get; } = [WriteShop.Sqlite, WriteShop.PostgreSql];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_session_is_undone_newest_first(string engine)
    {
        using var shop = new WriteShop(engine);
        var before = State(shop);
        using var session = shop.Session(db => WriteShop.All(db).KeepUndo());
        WriteShop.Execute(session, "UPDATE projects SET budget = 1, name = 'Soyuz' WHERE id = 3").Should().Be(1);
        WriteShop.Execute(session, "INSERT INTO tasks VALUES (9, 'contoso', 3, 'new')").Should().Be(1);
        WriteShop.Execute(session, "UPDATE tasks SET title = 'newer' WHERE id = 9").Should().Be(1);
        WriteShop.Execute(session, "DELETE FROM tasks WHERE project_id = 1").Should().Be(2);
        WriteShop.Execute(session, "INSERT INTO projects (id, tenant, name) VALUES (1, 'contoso', 'x'), (8, 'contoso', 'y') "
            + "ON CONFLICT (id) DO UPDATE SET budget = 0").Should().Be(2);
        WriteShop.Execute(session, "DELETE FROM pairs WHERE a = 1").Should().Be(2);
        State(shop).Should().NotBe(before);

        var changes = session.DatabaseChanges("shop");
        changes.All.Select(change => change.Kind).Should().Equal(
            DatabaseChangeKind.Update, DatabaseChangeKind.Insert, DatabaseChangeKind.Update, DatabaseChangeKind.Delete,
            DatabaseChangeKind.Insert, DatabaseChangeKind.Delete);
        changes.All.Should().OnlyContain(change => change.State == ChangeState.Done);

        // Works when nothing else does any more.
        session.Freeze();
        session.Dispose();
        var report = changes.Undo();
        report.Refused.Should().BeEmpty();
        report.Undone.Should().HaveCount(6);
        State(shop).Should().Be(before);
        changes.All.Should().OnlyContain(change => change.State == ChangeState.Undone);
        changes.Undo().Undone.Should().BeEmpty("what is undone stays undone");
        State(shop).Should().Be(before);
        shop.Leftovers().Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_row_that_somebody_changed_since_is_left_as_it_is(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db).KeepUndo());
        WriteShop.Execute(session, "UPDATE tasks SET title = 'x' WHERE project_id = 1").Should().Be(2);
        WriteShop.Execute(session, "DELETE FROM pairs WHERE a = 2").Should().Be(1);
        WriteShop.Execute(session, "INSERT INTO tasks VALUES (9, 'contoso', 3, 'new')").Should().Be(1);
        shop.Run("UPDATE tasks SET title = 'mine' WHERE id = 2");
        shop.Run("INSERT INTO pairs VALUES (2, 'x', 'back by hand')");
        shop.Run("UPDATE tasks SET title = 'kept' WHERE id = 9");

        var changes = session.DatabaseChanges("shop");
        var report = changes.Undo();
        report.IsComplete.Should().BeFalse();
        report.Undone.Should().BeEmpty();
        report.Refused.Should().HaveCount(3).And.OnlyContain(refusal => refusal.Problem.Contains("changed"));

        // All rows of a change or none: the other row of the first one is as the agent left it.
        shop.Count("tasks WHERE id = 1 AND title = 'x'").Should().Be(1);
        shop.Count("tasks WHERE id = 2 AND title = 'mine'").Should().Be(1);
        shop.Count("pairs WHERE note = 'back by hand'").Should().Be(1);
        shop.Count("tasks WHERE id = 9").Should().Be(1);
        changes.All.Should().OnlyContain(change => change.State == ChangeState.Done, "what is refused is kept");

        shop.Run("UPDATE tasks SET title = 'x' WHERE id = 2");
        changes.Undo(changes.All[0]).IsComplete.Should().BeTrue();
        shop.Count("tasks WHERE title IN ('one', 'two')").Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Undoing_a_new_row_does_not_take_rows_of_others_along(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db).KeepUndo());
        WriteShop.Execute(session, "INSERT INTO projects (id, tenant, name) VALUES (9, 'contoso', 'x')").Should().Be(1);
        shop.Run("INSERT INTO tasks VALUES (30, 'contoso', 9, 'by a person')");
        session.DatabaseChanges("shop").Undo().IsComplete.Should().BeFalse();
        shop.Count("tasks WHERE id = 30").Should().Be(1);
        shop.Count("projects WHERE id = 9").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_transaction_is_kept_as_a_whole_or_not_at_all(string engine)
    {
        using var shop = new WriteShop(engine);
        var before = State(shop);
        using var session = shop.Session(db => WriteShop.All(db).KeepUndo());
        using var connection = session.Database("shop").OpenConnection();
        using (var transaction = connection.BeginTransaction())
        {
            WriteShop.Execute(connection, "UPDATE projects SET budget = 1 WHERE id = 1");
            session.DatabaseChanges("shop").All.Should().ContainSingle().Which.State.Should().Be(ChangeState.Open);
            transaction.Rollback();
        }

        session.DatabaseChanges("shop").All.Should().BeEmpty();
        using (var transaction = connection.BeginTransaction())
        {
            WriteShop.Execute(connection, "UPDATE projects SET budget = 1 WHERE id = 1");
            WriteShop.Execute(connection, "UPDATE projects SET budget = 2 WHERE id = 1");
            WriteShop.Execute(connection, "DELETE FROM tasks WHERE id = 1");
            transaction.Commit();
        }

        connection.Dispose();
        session.DatabaseChanges("shop").All.Should().HaveCount(3).And.OnlyContain(change => change.State == ChangeState.Done);
        session.DatabaseChanges("shop").Undo().IsComplete.Should().BeTrue();
        State(shop).Should().Be(before);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_change_that_can_not_be_undone_is_refused(string engine)
    {
        using var shop = new WriteShop(engine);
        var before = State(shop);
        using (var session = shop.Session(db => WriteShop.All(db).KeepUndo()))
        {
            foreach (var sql in (string[])[
                "UPDATE loose SET note = 'x' WHERE a = 1", "UPDATE pairs SET a = 7 WHERE a = 1", "INSERT INTO loose VALUES (2, 'x')",
                "DELETE FROM projects WHERE id = 1"])
            {
                WriteShop.Rule(() => WriteShop.Execute(session, sql)).Should().Be("database.no-undo", sql);
            }

            State(shop).Should().Be(before);
            session.DatabaseChanges("shop").All.Should().BeEmpty();
        }

        using var easy = shop.Session(db => WriteShop.All(db).KeepUndo(undo => undo.UnguardedWithoutUndo = true));
        WriteShop.Execute(easy, "UPDATE loose SET note = 'x' WHERE a = 1").Should().Be(2);
        WriteShop.Execute(easy, "UPDATE projects SET budget = 5 WHERE id = 1").Should().Be(1);
        easy.DatabaseChanges("shop").All.Should().ContainSingle().Which.Table.Should().Be("projects");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_full_journal_refuses_and_evicts_nothing(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db).KeepUndo(undo => undo.MaxBytes = 4_000));
        var rule = string.Empty;
        for (var i = 0; i < 50 && rule.Length == 0; i++)
        {
            try
            {
                WriteShop.Execute(session, "UPDATE projects SET budget = budget + 1 WHERE id = 1");
            }
            catch (DbAccessDeniedException denied)
            {
                rule = denied.Decision.Reason!.Rule;
            }
        }

        rule.Should().Be("database.undo-full");
        var changes = session.DatabaseChanges("shop");
        shop.Count($"projects WHERE id = 1 AND budget = {10 + changes.All.Count}").Should().Be(1, "the refused change is taken back");

        // In a transaction too, whatever the caller makes of the denial.
        using var connection = session.Database("shop").OpenConnection();
        using (var transaction = connection.BeginTransaction())
        {
            WriteShop.Rule(() => WriteShop.Execute(connection, "UPDATE projects SET budget = 0 WHERE id = 1")).Should().Be("database.undo-full");
            WriteShop.Rule(transaction.Commit).Should().Be("database.undo-full");
        }

        shop.Count("projects WHERE budget = 0").Should().Be(0);
        connection.Dispose();
        changes.Undo().IsComplete.Should().BeTrue();
        shop.Count("projects WHERE id = 1 AND budget = 10").Should().Be(1);
        changes.Commit();
        changes.All.Should().BeEmpty();
        WriteShop.Execute(session, "UPDATE projects SET budget = 3 WHERE id = 1").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_committed_preview_is_undone_like_any_change(string engine)
    {
        using var shop = new WriteShop(engine);
        var before = State(shop);
        using var session = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.KeepUndo();
        });
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = 0, name = name || '?' WHERE id < 3");
        (await source.CommitWriteAsync(preview.Token)).Should().Be(2);
        preview = await source.PreviewWriteAsync("DELETE FROM tasks WHERE id = 1");
        shop.Run("UPDATE tasks SET title = 'z' WHERE id = 1");
        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(preview.Token))).Should().Be("database.drift");
        shop.Run("UPDATE tasks SET title = 'one' WHERE id = 1");
        session.DatabaseChanges("shop").All.Should().ContainSingle().Which.Rows.Should().Be(2);
        session.DatabaseChanges("shop").Undo().IsComplete.Should().BeTrue();
        State(shop).Should().Be(before);
    }

    [Fact]
    public void Values_of_every_type_come_back_on_PostgreSQL()
    {
        using var shop = new WriteShop(WriteShop.PostgreSql);
        shop.Run("""
            CREATE TYPE mood AS ENUM ('sad', 'glad');
            CREATE TABLE kinds (id uuid PRIMARY KEY, m mood, j jsonb, t timestamptz, d date, n numeric(10, 3), f float8, b bytea,
                a int[], i interval, c char(4), g int GENERATED ALWAYS AS (1 + 1) STORED, s int GENERATED ALWAYS AS IDENTITY, x text);
            INSERT INTO kinds (id, m, j, t, d, n, f, b, a, i, c) VALUES ('6a2f41a3-c54c-fce8-32d2-0324e1c32e22', 'glad',
                '{"a": [1, null, "x"]}', '2026-01-02 03:04:05.678901+02', 'infinity', 1.500, 0.1::float8 + 0.2, '\x00ff27', '{1,NULL,3}',
                '1 mon 2 days 03:00:00.5', 'ab')
            """);
        var before = shop.Ask("SELECT kinds::text FROM kinds");
        using var session = shop.Session(db => db.Select("kinds").Update("kinds").Delete("kinds").KeepUndo());
        WriteShop.Execute(session, """
            UPDATE kinds SET m = 'sad', j = NULL, t = now(), d = NULL, n = 0, f = 'NaN', b = NULL, a = NULL, i = NULL, c = 'z', x = 'y'
            WHERE id = '6a2f41a3-c54c-fce8-32d2-0324e1c32e22'
            """).Should().Be(1);
        WriteShop.Execute(session, "DELETE FROM kinds WHERE x = 'y'").Should().Be(1);
        session.DatabaseChanges("shop").Undo().Refused.Should().BeEmpty();
        shop.Ask("SELECT kinds::text FROM kinds").Should().Be(before);
    }

    [Fact]
    public void Values_of_every_type_come_back_on_SQLite()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        shop.Run("""
            CREATE TABLE kinds (id TEXT COLLATE NOCASE PRIMARY KEY, a, b BLOB, c REAL, d TEXT, e INTEGER, g INTEGER AS (e + 1) STORED);
            INSERT INTO kinds (id, a, b, c, d, e) VALUES ('Key', x'00ff', 'text in a blob column', 0.1 + 0.2, x'41', 9223372036854775807 - 1),
                ('2', 1, 2.5, NULL, '', 'not a number')
            """.Replace("'not a number'", "7", StringComparison.Ordinal));
        const string All = "SELECT group_concat(quote(id) || typeof(a) || quote(a) || typeof(b) || quote(b) || quote(c) || typeof(d) || quote(d) || quote(e), '/') FROM (SELECT * FROM kinds ORDER BY id)";
        var before = shop.Ask(All);
        using var session = shop.Session(db => db.Select("kinds").Update("kinds").Delete("kinds").KeepUndo());
        WriteShop.Execute(session, "UPDATE kinds SET a = 'x', b = NULL, c = 1, d = 2, e = 3 WHERE id = 'KEY'").Should().Be(1);
        WriteShop.Execute(session, "DELETE FROM kinds WHERE id IN ('key', '2')").Should().Be(2);
        session.DatabaseChanges("shop").Undo().Refused.Should().BeEmpty();
        shop.Ask(All).Should().Be(before);
    }

    [Fact]
    public void A_denied_column_of_a_removed_row_comes_back_too()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        var before = State(shop);
        using var session = shop.Session(db => WriteShop.All(db).DenyColumns("projects", "secret").KeepUndo());
        shop.Run("INSERT INTO projects (id, tenant, name, secret) VALUES (9, 'contoso', 'x', 'CANARY-9')");
        WriteShop.Execute(session, "DELETE FROM projects WHERE id = 9").Should().Be(1);
        session.DatabaseChanges("shop").Undo().IsComplete.Should().BeTrue();
        shop.Count("projects WHERE secret = 'CANARY-9'").Should().Be(1);
        State(shop).Should().NotBe(before);
    }

    [Fact]
    public void Without_the_option_nothing_is_kept()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        using var session = shop.Session(db => WriteShop.All(db));
        FluentActions.Invoking(() => session.DatabaseChanges("shop")).Should().Throw<InvalidOperationException>().WithMessage("*KeepUndo*");
        FluentActions.Invoking(() => session.DatabaseChanges("other")).Should().Throw<ArgumentException>();
        WriteShop.Execute(session, "DELETE FROM projects WHERE id = 1").Should().Be(1);
    }

    private static string State(WriteShop shop)
    {
        string All(string table, string columns) => (string)shop.Ask(shop.IsSqlite
            ? $"SELECT group_concat({columns}, ';') FROM (SELECT * FROM {table} ORDER BY 1, 2)"
            : $"SELECT string_agg({columns}, ';' ORDER BY {table}) FROM {table}")!;
        return All("projects", "id || tenant || name || coalesce(budget, -1) || secret") + "|"
            + All("tasks", "id || tenant || coalesce(project_id, -1) || title") + "|" + All("pairs", "a || b || note") + "|"
            + All("loose", "a || note");
    }
}
