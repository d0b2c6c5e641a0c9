using Microsoft.EntityFrameworkCore;

namespace LangGuard.Tests.Data.Mappers;

/// <summary>EF Core with Npgsql's own connection, behind the interceptors.</summary>
public sealed class InterceptorTests(Workshop workshop) : IClassFixture<Workshop>
{
    [Fact]
    public async Task Saves_and_reads_objects()
    {
        using var session = workshop.SessionForParts("postgres");
        await using var context = Context(session);
        var first = Workshop.NewPart("hook", 2.5m);
        context.AddRange(first, Workshop.NewPart("hook", 3m), Workshop.NewPart("hook", 4m));
        (await context.SaveChangesAsync()).Should().Be(3);
        first.Id.Should().BePositive("the database made the key");

        first.Name = "hook changed";
        first.Weight = null;
        context.Remove(context.Parts.Local.Last());
        context.SaveChanges().Should().Be(2);
        context.ChangeTracker.Clear();
        int[] ids = [first.Id, first.Id + 1];
        var read = await context.Parts.Where(part => ids.Contains(part.Id) && part.Code == first.Code).OrderBy(part => part.Id).ToListAsync();
        read.Select(part => part.Name).Should().Equal("hook changed", "hook");
        read[0].Should().BeEquivalentTo(first);
        await using (var transaction = await context.Database.BeginTransactionAsync())
        {
            (await context.Parts.Where(part => part.Name == "hook").ExecuteUpdateAsync(part => part.SetProperty(p => p.Active, false)))
                .Should().Be(1);
            await transaction.CommitAsync();
        }

        context.Parts.Count(part => !part.Active).Should().Be(1);
    }

    [Fact]
    public async Task Denies_what_is_not_granted()
    {
        using var session = workshop.Session("postgres", db => db.Select("parts").DenyColumns("parts", "code"));
        await using var context = Context(session);
        (await context.Parts.Select(part => part.Name).ToListAsync()).Should().NotBeNull();
        await context.Parts.Invoking(parts => parts.ToListAsync()).Should().ThrowAsync<DbAccessDeniedException>("code is denied");
        foreach (var sql in (string[])[
            "DROP TABLE parts", "SELECT 1; DELETE FROM parts", "SET default_transaction_read_only = off", "DELETE FROM parts WHERE id = 1",
            "SELECT pg_sleep(60)", "COMMIT"])
        {
            await context.Database.Invoking(d => d.ExecuteSqlRawAsync(sql)).Should().ThrowAsync<DbAccessDeniedException>(sql);
        }
    }

    [Fact]
    public async Task A_change_needs_a_transaction_and_stays_within_the_row_cap()
    {
        using var session = workshop.Session("postgres", db => db
            .Select("parts").Insert("parts").Update("parts").Trusted().Limit(limits => limits.MaxAffectedRows = 2));
        await using var context = Context(session);
        for (var i = 0; i < 3; i++)
        {
            context.Add(Workshop.NewPart("cap"));
        }

        await context.SaveChangesAsync();
        var capped = context.Parts.Where(part => part.Name == "cap");
        await capped.Invoking(parts => parts.ExecuteUpdateAsync(part => part.SetProperty(p => p.Active, false)))
            .Should().ThrowAsync<DbAccessDeniedException>("there is no transaction");
        await using (await context.Database.BeginTransactionAsync())
        {
            await capped.Invoking(parts => parts.ExecuteUpdateAsync(part => part.SetProperty(p => p.Active, false)))
                .Should().ThrowAsync<DbAccessDeniedException>("three rows are too many");
        }

        (await capped.CountAsync(part => part.Active)).Should().Be(3);
    }

    [Fact]
    public async Task Confines_rows_and_limits_what_comes_back()
    {
        using var session = GuardSession.Create(
            Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", db => db
                .UsePostgreSql(workshop.Server).Select("parts").RowsOfTenant("parts", "name")
                .Limit(limits => limits.MaxRows = 1)))),
            new Principal("u", "mine"));
        using (var all = workshop.SessionForParts("postgres"))
        {
            await using var seed = Context(all);
            seed.AddRange(Workshop.NewPart("mine", 1), Workshop.NewPart("theirs", 2));
            await seed.SaveChangesAsync();
        }

        await using var context = Context(session);
        (await context.Parts.CountAsync(part => part.Price > 0)).Should().Be(1);
        (await context.Parts.SingleAsync()).Name.Should().Be("mine");
        await context.Database.SqlQueryRaw<int>("SELECT 1 AS \"Value\" UNION ALL SELECT 2").Invoking(q => q.ToListAsync())
            .Should().ThrowAsync<DbAccessDeniedException>();
    }

    [Fact]
    public async Task Errors_tell_nothing_and_an_ended_session_does_nothing_more()
    {
        var session = workshop.SessionForParts("postgres");
        await using var context = Context(session);
        var failing = await context.Database.SqlQueryRaw<int>("SELECT CAST(name AS int) AS \"Value\" FROM (SELECT 'CANARY' AS name) AS t")
            .Invoking(q => q.ToListAsync()).Should().ThrowAsync<Exception>();
        failing.Which.ToString().Should().NotContain("CANARY");
        session.Dispose();
        await context.Parts.Invoking(parts => parts.CountAsync()).Should().ThrowAsync<DbAccessDeniedException>();
    }

    [Fact]
    public async Task Refuses_changes_that_could_not_be_kept_or_looked_at()
    {
        using (var keeps = workshop.Session("postgres", db => db.Select("parts").Insert("parts").Trusted().KeepUndo()))
        {
            await using var context = Context(keeps);
            context.Add(Workshop.NewPart("kept"));
            (await context.Invoking(c => c.SaveChangesAsync()).Should().ThrowAsync<Exception>())
                .Which.ToString().Should().Contain("database.no-undo");
        }

        workshop.RunOnServer("""
            CREATE TABLE owners (id int PRIMARY KEY); CREATE TABLE owned (id int PRIMARY KEY, o int REFERENCES owners ON DELETE CASCADE);
            INSERT INTO owners VALUES (1); INSERT INTO owned VALUES (1, 1)
            """);
        using var session = workshop.Session("postgres", db => db.Select("owners").Delete("owners").Trusted());
        await using var owners = Context(session);
        await using var transaction = await owners.Database.BeginTransactionAsync();
        (await owners.Database.Invoking(d => d.ExecuteSqlRawAsync("DELETE FROM owners WHERE id = 1")).Should().ThrowAsync<DbAccessDeniedException>())
            .Which.Decision.Reason!.Rule.Should().Be("database.side-effect");
    }

    private PartsContext Context(GuardSession session)
    {
        var context = new PartsContext(new DbContextOptionsBuilder()
            .UseNpgsql(workshop.Server, npgsql => npgsql.MaxBatchSize(1))
            .UseLangGuard(session.Database("shop")).Options);
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        return context;
    }
}
