using LangGuard.Permissions;
using LangGuard.SecurityTests.Scenarios;

namespace LangGuard.SecurityTests.Data;

/// <summary>A change that runs and then fails before anybody has judged it does not last with the next one.</summary>
public sealed class JudgedChangeTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-judged-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData("postgres", "UPDATE notes SET n = 9 WHERE id > 0 RETURNING 1e1000::numeric", false)]
    [InlineData("postgres", "UPDATE notes SET n = 9 WHERE id > 0 RETURNING 1e1000::numeric", true)]
    [InlineData("postgres", "INSERT INTO notes SELECT id + 10, 9 FROM notes RETURNING CAST('infinity' AS timestamp) - CAST('2000-01-01' AS timestamp)", false)]
    [InlineData("mysql", "INSERT INTO notes SELECT id + 10, 9 FROM notes RETURNING CAST('0000-00-00' AS date)", false)]
    [InlineData("mysql", "INSERT INTO notes SELECT id + 10, 9 FROM notes RETURNING CAST('0000-00-00' AS date)", true)]
    [InlineData("sqlite", "UPDATE notes SET n = 9 WHERE id > 0 RETURNING zeroblob(1000000)", false)]
    public void Nothing_lasts_of_a_change_whose_rows_can_not_be_read(string engine, string sql, bool isInTransaction)
    {
        using var database = ScenarioDatabase.Create(engine, Path.Combine(_temp.FullName, "app.db"));
        Action<DatabaseBuilder> rights = db => db.Select("notes").Insert("notes").Update("notes").Functions("zeroblob").Limit(limits =>
        {
            limits.MaxAffectedRows = 2;
            limits.MaxBytes = 10_000;
        });
        database.Run("CREATE TABLE notes (id int PRIMARY KEY, n int)");
        database.Run("INSERT INTO notes VALUES (1, 1), (2, 1), (3, 1)");
        database.Grant(rights);
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("app", db =>
            {
                database.Use(db);
                rights(db);
            }))),
            new Principal("ada"));
        using (var connection = session.Database("app").OpenConnection())
        {
            using var transaction = isInTransaction ? connection.BeginTransaction() : null;
            using var first = connection.CreateCommand();
            using var second = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
            first.CommandText = sql;
#pragma warning restore CA2100
            first.Transaction = second.Transaction = transaction;
            first.Invoking(command => command.ExecuteNonQuery()).Should().Throw<Exception>().Which
                .Should().Match(failure => !(failure is IAccessDenied) || engine == "sqlite", "it runs before it fails");
            second.CommandText = "UPDATE notes SET n = 2 WHERE id = 1";
            second.ExecuteNonQuery().Should().Be(1);
            transaction?.Commit();
        }

        $"{database.Run("SELECT count(*) FROM notes")} {database.Run("SELECT count(*) FROM notes WHERE n = 9")} {database.Run("SELECT n FROM notes WHERE id = 1")}"
            .Should().Be("3 0 2");
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    public void What_fails_or_is_left_open_holds_no_lock_once_its_connection_is_closed(string engine)
    {
        using var database = ScenarioDatabase.Create(engine, string.Empty);
        Action<DatabaseBuilder> rights = db => db.Select("notes").Insert("notes").Update("notes");
        database.Run("CREATE TABLE notes (id int PRIMARY KEY, n int)");
        database.Run("INSERT INTO notes VALUES (1, 1)");
        database.Grant(rights);
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Database("app", db =>
            {
                database.Use(db);
                rights(db);
            }))),
            new Principal("ada"));
        foreach (var isInTransaction in new[] { false, true })
        {
            using (var connection = session.Database("app").OpenConnection())
            {
                // Nobody ends it.
                var transaction = isInTransaction ? connection.BeginTransaction() : null;
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                if (isInTransaction)
                {
                    command.CommandText = "UPDATE notes SET n = 5 WHERE id = 1";
                    command.ExecuteNonQuery();
                }

                command.CommandText = "INSERT INTO notes VALUES (1, 2)";
                command.Invoking(twice => twice.ExecuteNonQuery()).Should().Throw<Exception>();
            }

            database.Run("SELECT n FROM notes WHERE id = 1 FOR UPDATE NOWAIT").Should().Be(1, "nobody waits for what is over");
        }
    }
}
