using System.Data.Common;
using LangGuard.Permissions;
using LangGuard.Replay;
using LangGuard.Tests.Data;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Replay;

/// <summary>A run on real files and a real database becomes a policy that allows it again, and nothing beside it.</summary>
public sealed class LearnedResourcesTests : IDisposable
{
    private readonly ShopFixture _shop = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-learn-");

    public LearnedResourcesTests()
    {
        foreach (var name in new[] { "a.md", "b.md", "c.md" })
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), name);
        }
    }

    public void Dispose()
    {
        _shop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void The_learnt_policy_allows_the_run_and_no_other_statement_or_file()
    {
        var recorder = new PolicyRecorder();
        using (var wide = Open(guard => guard
            .LimitPermissions(allow => allow
                .Files("kb", _folder.FullName, files => files.Read("**").Write("**"))
                .Database("shop", db => db.UseSqlite(_shop.Path).Select("orders", "customers", "secrets").Update("orders").Delete("orders")))
            .DefendInDepth(defense => defense.Audit(recorder))))
        {
            Run(wide);
        }

        var text = recorder.Learn(new Dictionary<string, string> { ["kb"] = _folder.FullName });
        recorder.Learn(new Dictionary<string, string> { ["kb"] = _folder.FullName }).Should().Be(text);
        using var learnt = Open(guard => guard
            .FromConfiguration(Configurations.FromJson($$"""{"Agent":{{text}}}""").GetSection("Agent"))
            .LimitPermissions(allow => allow.DatabaseSource("shop", db => db.UseSqlite(_shop.Path))));
        Run(learnt);

        var others = Others().Take(100).ToList();
        others.Should().HaveCount(100);
        foreach (var (what, act) in others)
        {
            using var fresh = GuardSession.Create(learnt.Policy, Operations.Alice);
            FluentActions.Invoking(() => act(fresh)).Should().Throw<Exception>(what).Which.Should().BeAssignableTo<IAccessDenied>(what);
        }
    }

    [Fact]
    public void A_source_without_permissions_is_an_error() =>
        FluentActions.Invoking(() => Policy.Create(guard => guard.LimitPermissions(allow => allow.DatabaseSource("shop", db => db.UseSqlite(_shop.Path)))))
            .Should().Throw<PolicyValidationException>().WithMessage("*shop*no permissions*");

    private static GuardSession Open(Action<PolicyBuilder> configure) => Operations.SessionOf(guard =>
    {
        guard.AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent());
        configure(guard);
    });

    private static void Run(GuardSession session)
    {
        session.FileSystem.File.ReadAllText("/kb/a.md");
        session.FileSystem.File.WriteAllText("/kb/b.md", "new");
        Sql(session, "SELECT id, status FROM orders WHERE total > 5");
        Sql(session, "SELECT name FROM customers");
        Sql(session, "UPDATE orders SET status = 'paid' WHERE id = 1");
    }

    private static IEnumerable<(string What, Action<GuardSession> Act)> Others()
    {
        var random = new Random(4711);
        string[] statements =
        [
            "SELECT email FROM customers", "SELECT * FROM customers", "SELECT v FROM secrets", "SELECT customer_id FROM orders", "SELECT * FROM orders",
            "DELETE FROM orders WHERE id = {0}", "UPDATE orders SET customer_id = {0} WHERE id = 1", "UPDATE customers SET name = 'x' WHERE id = {0}",
            "INSERT INTO orders (id, customer_id, status, total) VALUES ({0}, 1, 'x', 1)", "SELECT name FROM customers WHERE email = '{0}'",
        ];
        while (true)
        {
            var number = random.Next(1_000_000);
            var sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, statements[number % statements.Length], number);
            yield return (sql, session => Sql(session, sql));
            yield return ("read", session => session.FileSystem.File.ReadAllText("/kb/c.md"));
            yield return ("write", session => session.FileSystem.File.WriteAllText("/kb/a.md", $"{number}"));
            yield return ("new", session => session.FileSystem.File.WriteAllText($"/kb/{number}.md", "new"));
            yield return ("delete", session => session.FileSystem.File.Delete("/kb/b.md"));
        }
    }

    private static void Sql(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own texts.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
