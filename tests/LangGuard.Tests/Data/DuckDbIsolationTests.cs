using DuckDB.NET.Data;
using LangGuard.Ablation;
using LangGuard.Data;
using LangGuard.DuckDb;
using LangGuard.Permissions;
using Microsoft.Extensions.Time.Testing;

namespace LangGuard.Tests.Data;

/// <summary>What is left between statements, sessions and connections of the host's own: nothing.</summary>
public sealed class DuckDbIsolationTests : IDisposable
{
    private readonly DuckDbFile _file = new();

    public void Dispose() => _file.Dispose();

    /// <summary>Even where no text is looked at, what one session leaves is not there in the next.</summary>
    [Theory]
    [InlineData("CREATE TEMP TABLE left_over AS SELECT 1 AS a", "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'left_over'")]
    [InlineData("CREATE OR REPLACE TEMP MACRO lower(x) AS 'mine'", "SELECT count(*) FROM duckdb_functions() WHERE macro_definition = '''mine'''")]
    [InlineData("CREATE TEMP VIEW orders AS FROM secrets", "SELECT count(*) FROM duckdb_views() WHERE view_name = 'orders'")]
    [InlineData("SET VARIABLE x = 1", "SELECT count(*) FROM duckdb_variables()")]
    [InlineData("PREPARE p AS SELECT 1", "SELECT count(*) FROM duckdb_prepared_statements() WHERE name = 'p'")]
    public void Leaves_nothing_in_the_session_for_the_next(string sql, string trace)
    {
        using var engine = new DuckDbEngine(_file.Path);
        var off = new WallsOff();
        off.Add(Wall.DuckDbSecondOpinion);
        var scope = new DatabaseScope(new DatabaseOptions()) { Off = off };
        using (var session = engine.Open(scope))
        {
            Ask(session, sql);
            Ask(session, trace).Should().NotBe(0L, "it is there for the session itself");
        }

        using var next = engine.Open(scope);
        Ask(next, trace).Should().Be(0L);
    }

    [Fact]
    public void A_file_that_the_host_has_open_with_other_settings_is_not_opened()
    {
        using var own = new DuckDBConnection($"Data Source={_file.Path}");
        own.Open();
        using var engine = new DuckDbEngine(_file.Path);

        FluentActions.Invoking(() => engine.Schema).Should().Throw<GuardedDatabaseException>().WithMessage("*with settings that are not the guard's*");
        own.Close();
        engine.Schema.Tables.Should().NotBeEmpty();
    }

    [Fact]
    public void A_connection_of_the_hosts_own_beside_the_guard_is_as_confined()
    {
        using var engine = new DuckDbEngine(_file.Path);
        engine.Schema.Tables.Should().NotBeEmpty();

        FluentActions.Invoking(() => DuckDbFile.Execute(_file.Path, "DELETE FROM orders")).Should().Throw<DuckDBException>();
        FluentActions.Invoking(() => DuckDbFile.Execute(_file.Path, "SET lock_configuration = false")).Should().Throw<DuckDBException>();
    }

    [Fact]
    public void The_file_is_free_again_when_nobody_has_used_it_for_a_while()
    {
        var time = new FakeTimeProvider();
        using var engine = new DuckDbEngine(_file.Path, time: time);
        engine.Schema.Tables.Should().NotBeEmpty();
        engine.IsOpen.Should().BeTrue();
        time.Advance(DuckDbInstance.Lifetime + DuckDbInstance.Lifetime);

        engine.IsOpen.Should().BeFalse();
        _file.Run("CREATE TABLE later (a INTEGER)");
        time.Advance(DuckDbInstance.Lifetime);
        engine.Refresh().Tables.Should().Contain(table => table.Name == "later");
    }

    [Fact]
    public void No_handle_is_left_when_the_policy_is_gone()
    {
        var session = _file.Session(db => db.Select("orders"));
        for (var i = 0; i < 20; i++)
        {
            using var connection = session.Database("shop").OpenConnection();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT id FROM orders";
            using var reader = command.ExecuteReader();
            reader.Read();
        }

        session.Dispose();
        using (var engine = new DuckDbEngine(_file.Path))
        {
            using var open = engine.Open(new DatabaseScope(new DatabaseOptions()));
        }

        if (OperatingSystem.IsLinux())
        {
            var other = new DuckDbFile();
            using (var engine = new DuckDbEngine(other.Path))
            {
                engine.Schema.Tables.Should().NotBeEmpty();
                Handles(other.Path).Should().BePositive();
            }

            Handles(other.Path).Should().Be(0);
            other.Dispose();
        }
    }

    private static int Handles(string path) =>
        Directory.EnumerateFiles("/proc/self/fd").Count(handle => new FileInfo(handle).LinkTarget == path);

    private static object? Ask(DatabaseEngineSession session, string sql)
    {
        using var reader = session.Query(new EngineStatement(sql, [], TimeSpan.FromSeconds(20)), default);
        return reader.Read() ? reader.GetValue(0) : null;
    }
}
