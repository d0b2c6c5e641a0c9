using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LangGuard.Tests.Data.Mappers;

/// <summary>EF Core over the decorator.</summary>
public sealed class EntityFrameworkTests(Workshop workshop) : IClassFixture<Workshop>
{
    [Fact]
    public async Task Saves_and_reads_objects_on_SQLite()
    {
        using var session = workshop.SessionForParts("sqlite");
        await using var context = Context(session, "sqlite");
        var first = Workshop.NewPart("ef", 2.5m);
        context.AddRange(first, Workshop.NewPart("ef", 3m), Workshop.NewPart("ef", 4m));
        (await context.SaveChangesAsync()).Should().Be(3);
        first.Id.Should().BePositive("the database made the key");

        first.Name = "ef changed";
        context.Remove(context.Parts.Local.Last());
        (await context.SaveChangesAsync()).Should().Be(2);
        context.ChangeTracker.Clear();
        var read = await context.Parts.Where(part => part.Name.StartsWith("ef") && part.Active).OrderBy(part => part.Id).ToListAsync();
        read.Should().HaveCount(2);
        read[0].Should().BeEquivalentTo(first, options => options.Excluding(part => part.Name));
        read[0].Name.Should().Be("ef changed");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Reads_with_parameters_of_many_types(string engine)
    {
        using var session = workshop.SessionForParts(engine);
        await using (var writing = engine == "sqlite" ? Context(session, engine) : Plain())
        {
            writing.Add(Workshop.NewPart("types", 7.25m));
            await writing.SaveChangesAsync();
        }

        await using var context = Context(session, engine);
        var pattern = Workshop.NewPart("types");
        var (made, day, code, size, weight, picture) =
            (pattern.Made, pattern.Day, pattern.Code, pattern.Size, pattern.Weight, pattern.Picture);
        var names = new[] { "types", "other" };
        int[] ids = [.. Enumerable.Range(0, 500)];
        var found = await context.Parts
            .Where(part => part.Made == made && part.Day == day && part.Code == code && part.Size == size
                && part.Weight == weight && part.Picture == picture && names.Contains(part.Name) && ids.Contains(part.Id))
            .SingleAsync();
        found.Price.Should().Be(7.25m);
        (await context.Parts.CountAsync(part => part.Name == "types")).Should().Be(1);
        (await context.Parts.GroupBy(part => part.Size).Select(group => new { group.Key, Count = group.Count() }).ToListAsync())
            .Should().NotBeEmpty();
    }

    [Fact]
    public async Task Keeps_a_transaction_on_SQLite()
    {
        using var session = workshop.SessionForParts("sqlite");
        await using var context = Context(session, "sqlite");
        await using (var transaction = await context.Database.BeginTransactionAsync())
        {
            context.Add(Workshop.NewPart("undone"));
            await context.SaveChangesAsync();
            await transaction.RollbackAsync();
        }

        (await context.Parts.AnyAsync(part => part.Name == "undone")).Should().BeFalse();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_denied_statement_is_denied_here_too(string engine)
    {
        using var session = workshop.Session(engine, db => db.Select("parts"));
        await using var context = Context(session, engine);
        context.Add(Workshop.NewPart("denied"));
        var saving = await context.Invoking(c => c.SaveChangesAsync()).Should().ThrowAsync<Exception>();
        saving.Which.GetBaseException().Should().BeOfType<DbAccessDeniedException>();
        await context.Database.Invoking(d => d.ExecuteSqlRawAsync("DROP TABLE parts")).Should().ThrowAsync<DbAccessDeniedException>();
        await context.Parts.FromSqlRaw("SELECT * FROM secrets").Invoking(q => q.ToListAsync()).Should().ThrowAsync<DbAccessDeniedException>();
    }

    private PartsContext Plain() => new(new DbContextOptionsBuilder().UseNpgsql(workshop.Server).Options);

    private static PartsContext Context(GuardSession session, string engine)
    {
        var connection = session.Database("shop").CreateConnection();
        var options = new DbContextOptionsBuilder();
        _ = engine == "sqlite"
            ? options.UseSqlite(connection, contextOwnsConnection: true)
            : options.UseNpgsql(connection, contextOwnsConnection: true);
        options.ConfigureWarnings(warnings => warnings.Ignore(SqliteEventId.UnexpectedConnectionTypeWarning));
        return new PartsContext(options.Options);
    }
}
