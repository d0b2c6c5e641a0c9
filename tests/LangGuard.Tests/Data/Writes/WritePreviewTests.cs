using System.Text.Json;
using LangGuard.Data;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Data.Writes;

/// <summary>Changes that are shown first and made afterwards, on both engines.</summary>
public sealed class WritePreviewTests
{
    public static TheoryData<string> Engines { get; } = [WriteShop.Sqlite, WriteShop.PostgreSql];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_update_is_shown_and_then_made(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync(
            "UPDATE projects SET budget = budget + 1, name = @name WHERE id = 1",
            [KeyValuePair.Create<string, object?>("name", "Apollo 2")]);

        preview.AffectedRows.Should().Be(1);
        preview.Table.Should().Be("projects");
        var row = preview.Rows.Should().ContainSingle().Which;
        Text(row.Before!["name"]).Should().Be("Apollo");
        Text(row.After!["name"]).Should().Be("Apollo 2");
        Text(row.After["budget"]).Should().Be("11");
        shop.Count("projects WHERE name = 'Apollo'").Should().Be(1, "a preview changes nothing");
        shop.Leftovers().Should().Be(0);

        (await source.CommitWriteAsync(preview.Token)).Should().Be(1);
        shop.Count("projects WHERE name = 'Apollo 2' AND budget = 11").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task New_and_removed_rows_are_shown(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var insert = await source.PreviewWriteAsync("INSERT INTO tasks VALUES (20, 'contoso', 1, 'new'), (21, 'contoso', 1, 'newer')");
        insert.AffectedRows.Should().Be(2);
        insert.Rows.Should().HaveCount(2).And.OnlyContain(row => row.Before == null && row.After != null);
        var delete = await source.PreviewWriteAsync("DELETE FROM tasks WHERE project_id = 1");
        delete.Rows.Should().HaveCount(2).And.OnlyContain(row => row.Before != null && row.After == null);
        shop.Count("tasks").Should().Be(4);

        (await source.CommitWriteAsync(delete.Token)).Should().Be(2);
        (await source.CommitWriteAsync(insert.Token)).Should().Be(2);
        shop.Count("tasks").Should().Be(4);
        shop.Count("tasks WHERE id > 19").Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_generated_key_may_be_another_at_the_commit(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => db.Select("log").Insert("log"));
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("INSERT INTO log (text) VALUES ('hello')");
        (await source.CommitWriteAsync(preview.Token)).Should().Be(1);
        shop.Count("log WHERE text = 'hello'").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_upsert_is_bound_to_the_row_in_its_way(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        const string Upsert = "INSERT INTO projects (id, tenant, name, budget) VALUES (1, 'contoso', 'Apollo', 99) "
            + "ON CONFLICT (id) DO UPDATE SET budget = excluded.budget";
        var preview = await source.PreviewWriteAsync(Upsert);
        Text(preview.Rows.Should().ContainSingle().Which.Before!["budget"]).Should().Be("10");
        shop.Run("UPDATE projects SET budget = 12 WHERE id = 1");
        await DriftsAsync(source, preview.Token);
        shop.Run("UPDATE projects SET budget = 10 WHERE id = 1");
        preview = await source.PreviewWriteAsync(Upsert);
        (await source.CommitWriteAsync(preview.Token)).Should().Be(1);
        shop.Count("projects WHERE id = 1 AND budget = 99").Should().Be(1);

        // The row in the way is another tenant's: it is not shown and not changed.
        var foreign = await source.PreviewWriteAsync(
            Upsert.Replace("(1,", "(3,", StringComparison.Ordinal).Replace("'Apollo'", "'Mine'", StringComparison.Ordinal));
        foreign.AffectedRows.Should().Be(0);
        foreign.Rows.Should().BeEmpty();
        shop.Count("projects WHERE id = 3 AND budget = 30").Should().Be(1);
    }

    [Theory]
    [InlineData(WriteShop.Sqlite, "UPDATE tasks SET title = 'x' WHERE id = 1")]
    [InlineData(WriteShop.Sqlite, "DELETE FROM tasks WHERE id = 1")]
    [InlineData(WriteShop.Sqlite, "INSERT INTO tasks VALUES (4, 'contoso', 1, 'added')")]
    [InlineData(WriteShop.PostgreSql, "UPDATE tasks SET title = 'x' WHERE id = 1")]
    [InlineData(WriteShop.PostgreSql, "DELETE FROM tasks WHERE id = 1")]
    [InlineData(WriteShop.PostgreSql, "INSERT INTO tasks VALUES (4, 'contoso', 1, 'added')")]
    public async Task A_row_that_has_changed_since_is_not_changed(string engine, string drift)
    {
        using var shop = new WriteShop(engine);
        shop.Run("DELETE FROM tasks WHERE id = 4");
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE tasks SET title = 'done' WHERE project_id = 1");
        shop.Run(drift);
        await DriftsAsync(source, preview.Token);
        shop.Count("tasks WHERE title = 'done'").Should().Be(0);
        shop.Leftovers().Should().Be(0);

        // Control: with nothing changed in between it is made.
        preview = await source.PreviewWriteAsync("UPDATE tasks SET title = 'done' WHERE project_id = 1");
        (await source.CommitWriteAsync(preview.Token)).Should().Be(preview.AffectedRows);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_token_works_once(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = budget + 1 WHERE id = 1");
        await source.CommitWriteAsync(preview.Token);
        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(preview.Token))).Should().Be("database.token");
        shop.Count("projects WHERE budget = 11").Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Commits_at_the_same_time_make_one_change(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = budget + 1 WHERE id = 1");
        var done = 0;
        await Parallel.ForAsync(0, 8, async (_, cancelled) =>
        {
            try
            {
                await source.CommitWriteAsync(preview.Token, cancelled);
                Interlocked.Increment(ref done);
            }
            catch (DbAccessDeniedException denied)
            {
                denied.Decision.Reason!.Rule.Should().Be("database.token");
            }
        });
        done.Should().Be(1);
        shop.Count("projects WHERE budget = 11").Should().Be(1);
    }

    [Fact]
    public async Task A_token_is_good_only_in_its_session_and_database()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        var policy = shop.PolicyOf(WriteShop.Confined);
        using var session = GuardSession.Create(policy, WriteShop.Contoso);
        using var other = GuardSession.Create(policy, WriteShop.Contoso);
        using var tenant = GuardSession.Create(policy, WriteShop.Fabrikam);
        using var child = session.CreateChild(policy);
        using var turn = session.CreateLease();
        var preview = await session.Database("shop").PreviewWriteAsync("UPDATE projects SET budget = 77 WHERE id > 0");
        preview.AffectedRows.Should().Be(2);
        foreach (var stranger in (GuardSession[])[other, tenant, child])
        {
            (await WriteShop.RuleAsync(() => stranger.Database("shop").CommitWriteAsync(preview.Token))).Should().Be("database.token");
        }

        foreach (var guess in (string[])["", " ", preview.Token.ToUpperInvariant(), preview.Token[..^1], preview.Token + "A"])
        {
            (await WriteShop.RuleAsync(() => session.Database("shop").CommitWriteAsync(guess))).Should().Be("database.token");
        }

        shop.Count("projects WHERE budget = 77").Should().Be(0);

        // A later turn of the same conversation may.
        (await turn.Database("shop").CommitWriteAsync(preview.Token)).Should().Be(2);
    }

    [Fact]
    public async Task A_token_expires_and_the_oldest_are_forgotten()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        var clock = new FakeTimeProvider();
        using var session = shop.Session(
            db => WriteShop.All(db).Limit(limits => limits.PreviewLifetime = TimeSpan.FromMinutes(1)),
            more: policy => policy.UseTimeProvider(clock));
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = 77 WHERE id = 1");
        preview.ExpiresAt.Should().Be(clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        clock.Advance(TimeSpan.FromMinutes(1));
        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(preview.Token))).Should().Be("database.token");

        var first = await source.PreviewWriteAsync("UPDATE projects SET budget = 78 WHERE id = 1");
        for (var i = 0; i < 64; i++)
        {
            preview = await source.PreviewWriteAsync("UPDATE projects SET budget = 79 WHERE id = 1");
        }

        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(first.Token))).Should().Be("database.token");
        (await source.CommitWriteAsync(preview.Token)).Should().Be(1);
    }

    [Fact]
    public async Task A_commit_that_a_person_has_to_approve_uses_the_same_token_afterwards()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        using var session = shop.Session(
            WriteShop.Confined, more: policy => policy.AnticipateMisuse(misuse => misuse.RequireApproval(ask => ask.ForDeletes())));
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("DELETE FROM tasks WHERE id = 1");
        var asked = (await FluentActions.Awaiting(() => source.CommitWriteAsync(preview.Token))
            .Should().ThrowAsync<DbAccessDeniedException>()).Which;
        asked.ApprovalRequestId.Should().NotBeNull();
        shop.Count("tasks").Should().Be(4);

        // An approval of this preview is none of one of other rows.
        session.Approvals.Approve(asked.ApprovalRequestId!).Should().BeTrue();
        shop.Run("UPDATE tasks SET title = 'other' WHERE id = 1");
        var again = await source.PreviewWriteAsync("DELETE FROM tasks WHERE id = 1");
        (await FluentActions.Awaiting(() => source.CommitWriteAsync(again.Token))
            .Should().ThrowAsync<DbAccessDeniedException>()).Which.ApprovalRequestId.Should().NotBe(asked.ApprovalRequestId);
        shop.Run("UPDATE tasks SET title = 'one' WHERE id = 1");
        (await source.CommitWriteAsync(preview.Token)).Should().Be(1);
        shop.Count("tasks").Should().Be(3);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_is_denied_is_not_previewed(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db =>
        {
            WriteShop.Confined(db);
            db.DenyColumns("projects", "secret").Limit(limits => limits.MaxAffectedRows = 1);
        });
        var source = session.Database("shop");
        foreach (var (sql, rule) in ((string, string)[])[
            ("SELECT 1", "database.no-preview"),
            ("DROP TABLE projects", "database.statement"),
            ("DELETE FROM projects", "database.no-where"),
            ("UPDATE projects SET name = 'x' WHERE secret LIKE 'C%'", "database.column"),
            ("UPDATE projects SET secret = 'x' WHERE id = 1", "database.column"),
            ("UPDATE projects SET tenant = 'fabrikam' WHERE id = 1", "database.row-scope"),
            ("INSERT INTO projects (id, tenant, name) VALUES (9, 'fabrikam', 'x')", "database.row-scope"),
            ("UPDATE projects SET budget = 0 WHERE id > 0", "database.affected-rows"),
            ("UPDATE projects SET id = 9 WHERE id = 1", "database.no-preview"),
            ("DELETE FROM log WHERE id = 1", "database.table"),
            ("UPDATE secrets SET v = 'x' WHERE id = 1", "database.table"),
            ("DELETE FROM projects WHERE id = 2", "database.side-effect"),
            ("UPDATE loose SET note = 'x' WHERE a = 1", "database.no-preview")])
        {
            (await WriteShop.RuleAsync(() => source.PreviewWriteAsync(sql))).Should().Be(rule, sql);
        }

        // A row of another tenant is not there.
        (await source.PreviewWriteAsync("UPDATE projects SET budget = 0 WHERE id = 3")).AffectedRows.Should().Be(0);
        shop.Leftovers().Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Hidden_columns_stay_hidden_in_a_preview(string engine)
    {
        using var shop = new WriteShop(engine);
        using (var session = shop.Session(db => WriteShop.All(db).DenyColumns("projects", "secret").MaskColumns("projects", "name")))
        {
            var row = (await session.Database("shop").PreviewWriteAsync("UPDATE projects SET budget = 0 WHERE id = 1")).Rows.Single();
            row.Before!.Keys.Should().NotContain("secret");
            row.Before["name"].Should().BeNull();
            row.After!["name"].Should().BeNull();
            JsonSerializer.Serialize(row).Should().NotContain("CANARY").And.NotContain("Apollo");
        }

        using var blind = shop.Session(db => db.Insert("projects"));
        var preview = await blind.Database("shop").PreviewWriteAsync("INSERT INTO projects (id, tenant, name) VALUES (9, 'contoso', 'x')");
        preview.AffectedRows.Should().Be(1);
        preview.Rows.Should().BeEmpty("nothing may be read");
        (await blind.Database("shop").CommitWriteAsync(preview.Token)).Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Rows_of_two_part_keys_are_told_apart(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db));
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE pairs SET note = note || '!' WHERE a = 1");
        preview.Rows.Select(row => Text(row.After!["note"])).Should().BeEquivalentTo("one!", "two!");
        (await source.CommitWriteAsync(preview.Token)).Should().Be(2);
        shop.Count("pairs WHERE note LIKE '%!'").Should().Be(2);
    }

    [Fact]
    public async Task A_key_that_is_null_names_no_row()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        shop.Run("CREATE TABLE odd (id TEXT PRIMARY KEY, note TEXT); INSERT INTO odd VALUES (NULL, 'a'), (NULL, 'b'), ('x', 'c')");
        using var session = shop.Session(db => db.Select("odd").Update("odd"));
        var source = session.Database("shop");
        (await WriteShop.RuleAsync(() => source.PreviewWriteAsync("UPDATE odd SET note = 'z' WHERE note = 'a'"))).Should().Be("database.no-preview");
        (await source.PreviewWriteAsync("UPDATE odd SET note = 'z' WHERE id = 'x'")).AffectedRows.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Large_values_are_not_shown(string engine)
    {
        using var shop = new WriteShop(engine);
        shop.Run(shop.IsSqlite
            ? "UPDATE tasks SET title = printf('%.20000c', 'x') WHERE id = 1"
            : "UPDATE tasks SET title = repeat('x', 20000) WHERE id = 1");
        using var session = shop.Session(db => WriteShop.All(db).Limit(limits => limits.MaxCellBytes = 1_000));
        var source = session.Database("shop");
        (await WriteShop.RuleAsync(() => source.PreviewWriteAsync("DELETE FROM tasks WHERE id = 1"))).Should().Be("database.cell-limit");
        (await source.PreviewWriteAsync("DELETE FROM tasks WHERE id = 2")).AffectedRows.Should().Be(1);
        using var bytes = shop.Session(db => WriteShop.All(db).Limit(limits => limits.MaxBytes = 1_000));
        (await WriteShop.RuleAsync(() => bytes.Database("shop").PreviewWriteAsync("DELETE FROM tasks WHERE id = 1"))).Should().Be("database.byte-limit");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_frozen_or_ended_session_commits_nothing(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var source = session.Database("shop");
        var preview = await source.PreviewWriteAsync("UPDATE projects SET budget = 0 WHERE id = 1");
        session.Freeze();
        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(preview.Token))).Should().Be("misuse.frozen");
        (await WriteShop.RuleAsync(() => source.PreviewWriteAsync("UPDATE projects SET budget = 0 WHERE id = 1"))).Should().Be("misuse.frozen");
        session.Unfreeze();
        (await source.CommitWriteAsync(preview.Token)).Should().Be(1);
        preview = await source.PreviewWriteAsync("UPDATE projects SET budget = 1 WHERE id = 1");
        session.Dispose();
        await FluentActions.Awaiting(() => source.CommitWriteAsync(preview.Token)).Should().ThrowAsync<DbAccessDeniedException>();
        shop.Count("projects WHERE budget = 1").Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_constraint_is_named_without_a_value(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var error = (await FluentActions.Awaiting(() => session.Database("shop").PreviewWriteAsync(
                "UPDATE projects SET name = 'Vostok' WHERE id = 1"))
            .Should().ThrowAsync<GuardedDatabaseException>()).Which;
        error.Message.Should().Contain("UNIQUE on").And.NotContain("Vostok");
        shop.Leftovers().Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_tools_show_and_then_make_a_change(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(WriteShop.Confined);
        var shown = await CallAsync(session, "preview_write", ("sql", "UPDATE projects SET budget = @b WHERE id = 1"),
            ("parameters", JsonSerializer.SerializeToElement(new { b = 55 })));
        shown.GetProperty("affected_rows").GetInt32().Should().Be(1);
        shown.GetProperty("rows")[0].GetProperty("after").GetProperty("budget").ToString().Should().Contain("55");
        var token = shown.GetProperty("token").GetString()!;
        var made = await CallAsync(session, "commit_write", ("token", token));
        made.GetProperty("rows_changed").GetInt32().Should().Be(1);
        shop.Count("projects WHERE budget = 55").Should().Be(1);
        (await CallAsync(session, "commit_write", ("token", token))).GetProperty("rule").GetString().Should().Be("database.token");

        using var reader = shop.Session(db => db.Select("projects"));
        reader.GetTools().Select(tool => tool.Name).Should().NotContain(["preview_write", "commit_write", "database_execute"]);
    }

    private static async Task<JsonElement> CallAsync(GuardSession session, string tool, params (string Name, object? Value)[] arguments) =>
        (JsonElement)(await session.GetTools().Single(known => known.Name == tool)
            .InvokeAsync(new AIFunctionArguments(arguments.ToDictionary(argument => argument.Name, argument => argument.Value))))!;

    private static async Task DriftsAsync(GuardedDbDataSource source, string token) =>
        (await WriteShop.RuleAsync(() => source.CommitWriteAsync(token))).Should().Be("database.drift");

    private static string? Text(object? value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
}
