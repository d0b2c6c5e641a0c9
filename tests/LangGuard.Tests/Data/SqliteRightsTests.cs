using LangGuard.Data;
using LangGuard.Permissions;
using LangGuard.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Data;

/// <summary>Rights on a SQLite file, functions of the engine, and connections that nobody uses.</summary>
public sealed class SqliteRightsTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void The_audit_finds_whoever_can_change_the_file_without_a_statement()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such modes.
        }

        var folder = Path.GetDirectoryName(_shop.Path)!;
        Modes(folder, "700");
        Modes(_shop.Path, "600");
        var writing = PolicyOf(db => db.Select("orders").Update("orders"));
        SqliteCredentialAudit.Run(_shop.Path, writing, "shop").Should().BeEmpty();

        Modes(folder, "777");
        Modes(_shop.Path, "666");
        SqliteCredentialAudit.Run(_shop.Path, writing, "shop").Select(found => $"{found.Right} {found.On}").Should().BeEquivalentTo(
            "WRITE by the group the file", "WRITE by others the file", "READ by others the file", "WRITE by the group the folder",
            "WRITE by others the folder");
        SqliteCredentialAudit.Run(_shop.Path, PolicyOf(db => db.Select("orders")), "shop")
            .Should().Contain(found => found.Right == "WRITE by this process");
    }

    [Fact]
    public void A_file_that_others_can_change_is_refused_where_the_policy_says_so()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such modes.
        }

        Modes(Path.GetDirectoryName(_shop.Path)!, "777");
        using var session = Support.Operations.SessionOf(policy => policy.LimitPermissions(allow => allow.Database(
            "shop", db => db.UseSqlite(_shop.Path, ExcessRights.Refuse).Select("orders").Update("orders"))));
        session.Invoking(s => s.Database("shop").OpenConnection()).Should().Throw<DbAccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("database.excess-rights");
        Modes(Path.GetDirectoryName(_shop.Path)!, "700");
        Modes(_shop.Path, "600");
        session.Database("shop").OpenConnection().Dispose();
    }

    [Fact]
    public void The_audit_keeps_the_locks_of_the_engine()
    {
        using var holder = new SqliteConnection($"Data Source={_shop.Path};Pooling=False");
        holder.Open();
        using var begin = holder.CreateCommand();
        begin.CommandText = "BEGIN EXCLUSIVE";
        begin.ExecuteNonQuery();
        SqliteCredentialAudit.Run(_shop.Path, PolicyOf(db => db.Select("orders")), "shop").Should().NotBeNull();
        using var other = new SqliteConnection($"Data Source={_shop.Path};Pooling=False");
        other.Open();
        using var read = other.CreateCommand();
        read.CommandText = "SELECT count(*) FROM orders";
        read.CommandTimeout = 1;
        read.Invoking(c => c.ExecuteScalar()).Should().Throw<SqliteException>().Which.SqliteErrorCode.Should().Be(5);
    }

    [Fact]
    public void Every_function_of_the_list_is_one_of_the_engine()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT name FROM pragma_function_list WHERE builtin";
        var known = new HashSet<string>(["json_each", "json_tree"], StringComparer.Ordinal);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            known.Add(reader.GetString(0));
        }

        // The engine of a user may be newer or older than this one, and have more or fewer.
        var later = (string[])["jsonb_each", "jsonb_tree", "regexp", "generate_series", "unistr", "unistr_quote", "median", "percentile",
            "percentile_cont", "percentile_disc", "soundex"];
        using var list = typeof(GuardSession).Assembly.GetManifestResourceStream("LangGuard.Data.Sql.Functions.sqlite.txt")!;
        var listed = new StreamReader(list).ReadToEnd().Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')[0]).ToList();
        listed.Should().NotBeEmpty();
        listed.Except(later).Where(name => !known.Contains(name)).Should().BeEmpty();

        // What reaches out, or tells of the server, is never among them.
        listed.Should().NotContain((string[])[
            "load_extension", "readfile", "writefile", "edit", "fsdir", "zeroblob", "randomblob", "sqlite_version", "fts3_tokenizer",
            "sqlite_compileoption_get", "sqlite_source_id", "sqlite_log", "total_changes"]);
    }

    [Theory]
    [InlineData("SELECT randomblob(1000000)")]
    [InlineData("SELECT zeroblob(1000000)")]
    [InlineData("SELECT sqlite_version()")]
    [InlineData("SELECT sqlite_compileoption_get(1)")]
    [InlineData("SELECT total_changes()")]
    [InlineData("SELECT fts3_tokenizer('x')")]
    public void The_wall_itself_lets_no_other_function_through(string sql)
    {
        using var engine = new SqliteEngine(_shop.Path);
        using var session = engine.Open(ScopeOf(db => db.Select("orders")));
        session.Invoking(s => s.Query(new EngineStatement(sql, [], TimeSpan.FromSeconds(5)), default)).Should().Throw<SqliteException>();
    }

    [Fact]
    public void Defaults_views_and_triggers_of_the_database_may_call_more()
    {
        _shop.Run("""
            CREATE TABLE tokens (id INTEGER PRIMARY KEY, v TEXT DEFAULT (hex(randomblob(8))), n INTEGER CHECK (n > 0),
                up TEXT GENERATED ALWAYS AS (upper(v)));
            CREATE VIEW token_view AS SELECT id, last_insert_rowid() AS x FROM tokens;
            CREATE TRIGGER token_trigger AFTER INSERT ON tokens BEGIN UPDATE tokens SET n = abs(random() % 9) + 1 WHERE id = new.id; END;
            """);
        using var session = _shop.Session(db => db.Select("tokens", "token_view").Insert("tokens").Update("tokens").Trusted());
        using var connection = session.Database("shop").OpenConnection();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO tokens (n) VALUES (1) RETURNING v";
        ((string)insert.ExecuteScalar()!).Should().HaveLength(16);
        using var view = connection.CreateCommand();
        view.CommandText = "SELECT count(*) FROM token_view WHERE x IS NOT NULL";
        view.ExecuteScalar().Should().Be(1L);
    }

    [Fact]
    public void Idle_connections_are_closed_after_a_while()
    {
        var time = new FakeTimeProvider();
        using var engine = new SqliteEngine(_shop.Path, time: time);
        var scope = ScopeOf(db => db.Select("orders"));
        using (engine.Open(scope))
        using (engine.Open(scope))
        {
        }

        engine.IdleCount.Should().Be(2);
        time.Advance(SqliteIdleSessions.Lifetime / 2);
        engine.Open(scope).Dispose();
        time.Advance(SqliteIdleSessions.Lifetime * 0.6);
        engine.IdleCount.Should().Be(1, "the other was used meanwhile");
        time.Advance(SqliteIdleSessions.Lifetime * 2);
        engine.IdleCount.Should().Be(0);
        engine.Open(scope).Dispose();
        engine.IdleCount.Should().Be(1);
    }

    private static void Modes(string path, string mode) =>
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));

    private static Policy PolicyOf(Action<DatabaseBuilder> configure) =>
        Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("shop", configure)));

    private static DatabaseScope ScopeOf(Action<DatabaseBuilder> configure) =>
        new(PolicyOf(configure).Options.LimitPermissions.Database["shop"]);
}
