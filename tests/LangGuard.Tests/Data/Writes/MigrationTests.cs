using System.Text.Json;
using LangGuard.Data;
using LangGuard.Misuse;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Data.Writes;

/// <summary>Changes of the schema: only those that the policy names, and only when a person approves, on both engines.</summary>
public sealed class MigrationTests
{
    private const string AddColumn = "ALTER TABLE tasks ADD COLUMN done INTEGER DEFAULT 0";

    public static TheoryData<string> Engines { get; } = [WriteShop.Sqlite, WriteShop.PostgreSql];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_named_migration_runs_after_a_person_has_approved_it(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => db.Select("tasks").Migration("add-done", AddColumn));
        var source = session.Database("shop");
        for (var i = 0; i < 2; i++)
        {
            var asked = (await FluentActions.Awaiting(() => source.MigrateAsync("add-done")).Should().ThrowAsync<DbAccessDeniedException>()).Which;
            asked.Decision.Kind.Should().Be(DecisionKind.Ask);
            asked.Decision.Reason!.Rule.Should().Be("database.migration");
            FluentActions.Invoking(() => shop.Count("tasks WHERE done = 0")).Should().Throw<System.Data.Common.DbException>("nothing was changed");
            if (i == 1)
            {
                session.Approvals.Approve(asked.ApprovalRequestId!).Should().BeTrue();
            }
        }

        await source.MigrateAsync("add-done");
        shop.Count("tasks WHERE done = 0").Should().Be(4);

        // The new column is there at once, and an approval is used up.
        WriteShop.Rule(() => WriteShop.Execute(session, "ALTER TABLE tasks DROP COLUMN done")).Should().Be("database.statement");
        using var connection = source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sum(done) FROM tasks";
        Convert.ToInt32(command.ExecuteScalar(), null).Should().Be(0);
        (await WriteShop.RuleAsync(() => source.MigrateAsync("add-done"))).Should().Be("database.migration");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Nothing_else_changes_the_schema(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(db => WriteShop.All(db).Migration("add-done", AddColumn));
        var source = session.Database("shop");
        foreach (var name in (string[])["add-Done", "add-done ", AddColumn, "DROP TABLE tasks", "add-done; DROP TABLE tasks"])
        {
            (await WriteShop.RuleAsync(() => source.MigrateAsync(name))).Should().Be("database.unknown-migration", name);
        }

        foreach (var sql in (string[])[AddColumn, "DROP TABLE tasks", "CREATE TABLE x (y INTEGER)"])
        {
            WriteShop.Rule(() => WriteShop.Execute(session, sql)).Should().Be("database.statement", sql);
            (await WriteShop.RuleAsync(() => source.PreviewWriteAsync(sql))).Should().Be("database.statement", sql);
        }

        using var other = shop.Session(db => WriteShop.All(db));
        (await WriteShop.RuleAsync(() => other.Database("shop").MigrateAsync("add-done"))).Should().Be("database.unknown-migration");
        using var child = session.CreateChild(other.Policy);
        (await WriteShop.RuleAsync(() => child.Database("shop").MigrateAsync("add-done"))).Should().Be("database.unknown-migration");
        session.Freeze();
        (await WriteShop.RuleAsync(() => source.MigrateAsync("add-done"))).Should().Be("misuse.frozen");
        shop.Count("tasks").Should().Be(4);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Two_statements_are_none_and_a_failure_leaves_nothing_behind(string engine)
    {
        using var shop = new WriteShop(engine);
        using var session = shop.Session(
            db => db.Select("tasks")
                .Migration("two", "ALTER TABLE tasks ADD COLUMN x INTEGER; DELETE FROM tasks")
                .Migration("wrong", "ALTER TABLE missing ADD COLUMN x INTEGER"),
            more: policy => policy.Provide<IApprover>(new Yes()));
        var source = session.Database("shop");
        await FluentActions.Awaiting(() => source.MigrateAsync("two")).Should().ThrowAsync<System.Data.Common.DbException>();
        var error = (await FluentActions.Awaiting(() => source.MigrateAsync("wrong")).Should().ThrowAsync<System.Data.Common.DbException>()).Which;
        error.Message.Should().NotContain("missing");
        shop.Count("tasks").Should().Be(4);
        shop.Leftovers().Should().Be(0);
        shop.Run("ALTER TABLE tasks ADD COLUMN x INTEGER");
    }

    [Fact]
    public void A_migration_has_to_be_a_change_of_the_schema()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        foreach (var statement in (string[])["DELETE FROM tasks", "PRAGMA writable_schema = 1", "ATTACH 'x' AS y", "SELECT 1", "; DROP TABLE tasks"])
        {
            FluentActions.Invoking(() => shop.PolicyOf(db => db.Select("tasks").Migration("m", statement)))
                .Should().Throw<PolicyValidationException>(statement);
        }

        FluentActions.Invoking(() => shop.PolicyOf(db => db.Select("tasks").Migration("m", AddColumn).Migration("m", "DROP TABLE tasks")))
            .Should().Throw<PolicyValidationException>();
    }

    [Fact]
    public async Task The_tool_is_offered_only_where_there_is_a_migration()
    {
        using var shop = new WriteShop(WriteShop.Sqlite);
        using (var none = shop.Session(db => WriteShop.All(db)))
        {
            none.GetTools().Select(tool => tool.Name).Should().NotContain("database_migrate");
        }

        using var session = shop.Session(db => db.Select("tasks").Migration("add-done", AddColumn), more: policy => policy.Provide<IApprover>(new Yes()));
        var tool = session.GetTools().Single(known => known.Name == "database_migrate");
        var answer = (JsonElement)(await tool.InvokeAsync(new AIFunctionArguments { ["migration"] = "add-done" }))!;
        answer.GetProperty("status").GetString().Should().Be("ok");
        shop.Count("tasks WHERE done = 0").Should().Be(4);
        answer = (JsonElement)(await tool.InvokeAsync(new AIFunctionArguments { ["migration"] = "DROP TABLE tasks" }))!;
        answer.GetProperty("rule").GetString().Should().Be("database.unknown-migration");
    }

    private sealed class Yes : IApprover
    {
        public ValueTask<bool> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
