using LangGuard.Auditing;
using LangGuard.Tests.Data;
using LangGuard.Tests.Files;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Practices;

/// <summary>Defense in depth: several layers, none trusted alone.</summary>
public sealed partial class PracticeTests
{
    [Fact]
    public void Practice_S14_a_layer_that_fails_denies_and_is_named()
    {
        using var session = Operations.SessionOf(guard => guard
            .LimitPermissions(allow => allow.Function("f", f => f.OnlyReads()))
            .AddLayer(new TestMisuseLayer("broken", (_, _) => throw new InvalidOperationException("inside"))));

        session.TryAuthorize(Operations.Call("f")).Decision.Reason!.Rule.Should().Be("policy.layer-fault");
        session.Policy.Explain(Operations.Call("f"), session).Votes.Should().Contain(vote => vote.Layer == "broken");
    }

    [Fact]
    public void Practice_S16_the_engine_refuses_what_a_wrong_permission_would_let_through()
    {
        using var shop = new ShopFixture();
        using var session = shop.Session(db => db.Select("orders"));
        Query(session, "SELECT count(*) FROM orders").Should().Be(3L);

        session.Invoking(s => Query(s, "DELETE FROM orders")).Should().Throw<DbAccessDeniedException>();
        shop.Ask("SELECT count(*) FROM orders").Should().Be(3L);
    }

    [Fact]
    public void Practice_S18_an_overwrite_and_a_delete_are_taken_back_bit_for_bit()
    {
        var journal = Directory.CreateTempSubdirectory("langguard-practice-");
        try
        {
            using var world = new FileWorld(null, null, guard => guard.DefendInDepth(defense => defense.KeepJournal(journal.FullName)));
            world.With("a.bin", "before\0\u00ff").With("b.bin", "kept");
            var before = File.ReadAllBytes(world.In("a.bin"));

            world.Guarded.File.WriteAllText("a.bin", "after");
            world.Guarded.File.Delete("b.bin");
            world.Session.Changes.All.Should().HaveCount(2);
            world.Session.Changes.Undo();

            File.ReadAllBytes(world.In("a.bin")).Should().Equal(before);
            File.ReadAllText(world.In("b.bin")).Should().Be("kept");
        }
        finally
        {
            journal.Delete(recursive: true);
        }
    }

    [Fact]
    public void Practice_S19_what_is_outside_the_scope_and_what_does_not_exist_answer_alike()
    {
        using var world = new FileWorld(files => files.Read("open/**"));
        world.With("open/a.txt").With("closed/exists.txt");
        string Answer(string name) => world.Invoking(w => w.Guarded.File.ReadAllText(name)).Should().Throw<AccessDeniedException>().Which.Message
            .Replace(Path.GetFileName(name), "NAME", StringComparison.Ordinal);

        Answer("closed/exists.txt").Should().Be(Answer("closed/missing.txt"));
        world.Invoking(w => w.Guarded.File.ReadAllText("open/missing.txt")).Should().Throw<FileNotFoundException>();
    }

    [Theory]
    [InlineData("DROP TABLE orders")]
    [InlineData("drop/**/table orders")]
    [InlineData("SELECT 1; DROP TABLE orders")]
    [InlineData("ALTER TABLE orders ADD COLUMN x")]
    [InlineData("CREATE TABLE x AS SELECT * FROM orders")]
    [InlineData("CREATE TEMP TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END")]
    [InlineData("PRAGMA writable_schema = 1")]
    [InlineData("ATTACH DATABASE 'x.db' AS x")]
    [InlineData("VACUUM INTO 'copy.db'")]
    [InlineData("EXPLAIN DELETE FROM orders")]
    [InlineData("REINDEX orders")]
    public void Practice_S30_no_spelling_changes_the_schema(string sql)
    {
        using var shop = new ShopFixture();
        var schema = shop.Ask("SELECT group_concat(sql) FROM sqlite_master");
        using var session = shop.Session(db => db.Select("orders").Insert("orders").Update("orders").Delete("orders"));

        session.Invoking(s => Query(s, sql)).Should().Throw<DbAccessDeniedException>();
        shop.Ask("SELECT group_concat(sql) FROM sqlite_master").Should().Be(schema);
        Query(session, "SELECT count(*) FROM orders").Should().Be(3L);
    }

    [Fact]
    public void Practice_S32_a_session_of_the_engine_reads_only_even_with_a_login_that_may_write()
    {
        using var shop = new PostgreSqlShop();
        using var session = shop.Session(db => db.Select("orders"));
        Query(session, "SELECT count(*) FROM orders").Should().Be(3L);

        session.Invoking(s => Query(s, "INSERT INTO orders (id) VALUES (99)")).Should().Throw<DbAccessDeniedException>();
        session.Invoking(s => Query(s, "SELECT set_config('transaction_read_only', 'off', false)")).Should().Throw<DbAccessDeniedException>();
        shop.Ask("SELECT count(*) FROM orders").Should().Be(3L);
    }

    [Fact]
    public void Practice_S33_the_reach_of_a_policy_is_one_text_that_people_can_compare()
    {
        using var world = new FileWorld();
        Policy Build(string pattern) => Policy.Create(guard => guard.LimitPermissions(allow => allow.Files("kb", world.Root, files => files.Read(pattern))));

        Build("guides/**").ExplainReach().ToMarkdown().Should().Be(Build("guides/**").ExplainReach().ToMarkdown());
        Build("guides/**").ExplainReach().ToMarkdown().Should().NotBe(Build("**").ExplainReach().ToMarkdown());
    }
}
