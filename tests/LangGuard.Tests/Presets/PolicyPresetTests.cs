using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Tests.Data;
using LangGuard.Tests.Files;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Presets;

/// <summary>What each preset lets an agent do, as a text that is reviewed, and as effects on real files and databases.</summary>
public sealed class PolicyPresetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-presets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_analyst_reads_and_nothing_else()
    {
        using var shop = new ShopFixture();
        using var session = Operations.SessionOf(guard => guard.ReadOnlyAnalyst("shop", db => db.UseSqlite(shop.Path).Select("orders")));

        Run(session, "SELECT count(*) FROM orders").Should().Be(3L);
        session.Invoking(s => Run(s, "SELECT v FROM secrets")).Should().Throw<DbAccessDeniedException>();
        session.Invoking(s => Run(s, "DELETE FROM orders")).Should().Throw<DbAccessDeniedException>();
        FluentActions.Invoking(() => Policy.Create(guard => guard.ReadOnlyAnalyst("shop", db => db.UseSqlite(shop.Path).Delete("orders"))))
            .Should().Throw<ArgumentException>().WithMessage("*orders*only reads*");
        Reach(session).Should().Be(Reviewed("ReadOnlyAnalyst", Reach(session)));
    }

    [Fact]
    public void The_writer_writes_drafts_and_deletes_nothing()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "guide.md"), "guide");
        using var session = Operations.SessionOf(guard => guard.DocsWriter("docs", _folder.FullName));
        var files = session.FileSystem.File;

        files.ReadAllText("guide.md").Should().Be("guide");
        session.FileSystem.Directory.CreateDirectory("drafts");
        files.WriteAllText("drafts/reply.md", "x");
        session.Invoking(s => files.WriteAllText("guide.md", "x")).Should().Throw<AccessDeniedException>();
        session.Invoking(s => files.WriteAllText("drafts/run.sh", "x")).Should().Throw<AccessDeniedException>();
        session.Invoking(s => files.Delete("drafts/reply.md")).Should().Throw<AccessDeniedException>();
        Reach(session).Should().Be(Reviewed("DocsWriter", Reach(session)));
    }

    [Fact]
    public async Task The_reader_gets_and_sends_nothing()
    {
        using var fakes = new LangGuard.Testing.FakeEndpoints().Respond("GET", "https://api.contoso.test/v1/orders/7", "seven");
        using var session = Operations.SessionOf(guard => guard.ApiReader("https://api.contoso.test/v1/orders/{id:int}")
            .DefendInDepth(defense => defense.UseUnguardedEndpoints(fakes)));

        (await session.HttpClient.GetStringAsync("https://api.contoso.test/v1/orders/7")).Should().Be("seven");
        await session.Awaiting(s => s.HttpClient.DeleteAsync("https://api.contoso.test/v1/orders/7")).Should().ThrowAsync<AccessDeniedException>();
        await session.Awaiting(s => s.HttpClient.PostAsync("https://api.contoso.test/v1/orders/7", null)).Should().ThrowAsync<AccessDeniedException>();
        FluentActions.Invoking(() => Policy.Create(guard => guard.ApiReader("DELETE https://api.contoso.test/x"))).Should().Throw<ArgumentException>();
        Reach(session).Should().Be(Reviewed("ApiReader", Reach(session)));
    }

    [Fact]
    public void The_programmer_changes_code_but_not_what_controls_it_and_a_person_approves_deletes()
    {
        var code = _folder.CreateSubdirectory("code").FullName;
        File.WriteAllText(Path.Combine(code, "a.cs"), "old");
        using var session = Operations.SessionOf(guard => guard.CodingAgent(
            "code", code, Path.Combine(_folder.FullName, "journal"), new Nobody()));
        var files = session.FileSystem.File;

        files.WriteAllText("a.cs", "new");
        session.Invoking(s => files.WriteAllText(".git/hooks/pre-commit", "x")).Should().Throw<AccessDeniedException>();
        session.Invoking(s => files.Delete("a.cs")).Should().Throw<AccessDeniedException>().Which.Decision.Kind.Should().Be(DecisionKind.Ask);
        session.Changes.Undo();
        File.ReadAllText(Path.Combine(code, "a.cs")).Should().Be("old");
        Reach(session).Should().Be(Reviewed("CodingAgent", Reach(session)));
    }

    [Fact]
    public async Task The_operator_reads_and_makes_named_migrations_that_a_person_approved()
    {
        using var shop = new ShopFixture();
        using var session = Operations.SessionOf(guard => guard.MigrationOperator("shop", new DelegateApprover((_, _) => ValueTask.FromResult(ApprovalAnswer.Once)), db => db
            .UseSqlite(shop.Path).Select("orders").Migration("add-note", "ALTER TABLE orders ADD COLUMN note TEXT")));

        Run(session, "SELECT count(*) FROM orders").Should().Be(3L);
        session.Invoking(s => Run(s, "ALTER TABLE orders ADD COLUMN other TEXT")).Should().Throw<DbAccessDeniedException>();
        session.Invoking(s => Run(s, "DELETE FROM orders WHERE id = 1")).Should().Throw<DbAccessDeniedException>();
        await session.Database("shop").MigrateAsync("add-note");
        shop.Ask("SELECT count(*) FROM pragma_table_info('orders') WHERE name IN ('note', 'other')").Should().Be(1L);
        FluentActions.Invoking(() => Policy.Create(guard => guard.MigrationOperator("shop", new Nobody(), db => db.UseSqlite(shop.Path).Select("orders"))))
            .Should().Throw<ArgumentException>().WithMessage("*at least one migration*");
        Reach(session).Should().Be(Reviewed("MigrationOperator", Reach(session)));
    }

    [Fact]
    public void Two_presets_narrow_each_other_when_they_intersect()
    {
        var writer = Policy.Create(guard => guard.DocsWriter("docs", _folder.FullName));
        var reader = Policy.Create(guard => guard.LimitPermissions(allow => allow.Files("docs", _folder.FullName, files => files.Read("**"))));
        using var session = GuardSession.Create(writer.Intersect(reader), Operations.Alice);

        session.FileSystem.Directory.GetFiles(".").Should().BeEmpty();
        session.Invoking(s => s.FileSystem.File.WriteAllText("drafts/a.md", "x")).Should().Throw<AccessDeniedException>();
    }

    private static string Reach(GuardSession session) => session.Policy.ExplainReach().ToString().ReplaceLineEndings("\n").TrimEnd() + "\n";

    /// <summary>The text that was reviewed; LANGGUARD_UPDATE_DOCS=1 writes the one of today for the next review.</summary>
    private static string Reviewed(string preset, string reach)
    {
        var path = Configurations.RepositoryFile("tests", "LangGuard.Tests", "Presets", preset + ".reach.txt");
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, reach);
        }

        return File.ReadAllText(path);
    }

    private static object? Run(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private sealed class Nobody : IApprover
    {
        public ValueTask<bool> ApproveAsync(ApprovalRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}
