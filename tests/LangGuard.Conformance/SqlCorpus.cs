using System.Data.Common;
using System.Text.Json;
using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>Runs cases on real engines: guarded and, for attacks, unguarded as the positive control.</summary>
public sealed class SqlCorpus
{
    /// <summary>The variable that names a SQL Server.</summary>
    public const string SqlServerVariable = "LANGGUARD_TEST_SQLSERVER";

    private readonly Dictionary<string, Dictionary<string, string[]>> _setups = new(StringComparer.Ordinal);
    private readonly string? _server = Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES");
    private readonly AblatedWalls _ablated;

    /// <param name="schemas">The file of schemas and their rows.</param>
    /// <param name="ablated">The walls that are off, or null.</param>
    public SqlCorpus(string schemas, string? ablated = null)
    {
        _ablated = AblatedWalls.Parse(ablated);
        using var document = JsonDocument.Parse(File.ReadAllText(schemas));
        foreach (var schema in document.RootElement.GetProperty("schemas").EnumerateObject())
        {
            _setups[schema.Name] = schema.Value.GetProperty("setup").EnumerateObject().ToDictionary(
                engine => engine.Name,
                engine => engine.Value.EnumerateArray().Select(statement => statement.GetString()!).ToArray(),
                StringComparer.Ordinal);
        }
    }

    /// <summary>Whether attacks are also run unguarded, to see whether they have an effect at all.</summary>
    public bool HasControls { get; init; } = true;

    /// <summary>Runs one case on one engine.</summary>
    public ConformanceResult Run(SqlCase test, string engine)
    {
        ArgumentNullException.ThrowIfNull(test);
        var id = $"{test.Id}@{engine}";
        using var world = Create(test, engine);
        var before = world.Fingerprint();
        string? denial = null, error = null, rule = null;
        try
        {
            RunGuarded(world, test, engine);
        }
        catch (Exception denied) when (denied is IAccessDenied access)
        {
            denial = access.Decision.ToString();
            rule = access.Decision.Reason?.Rule;
        }
        catch (Exception failed) when (failed is DbException or InvalidOperationException or NotSupportedException)
        {
            error = failed.Message;
        }

        var isChanged = world.Fingerprint() != before;
        if (test.IsAllowed)
        {
            return denial is null && error is null
                ? new ConformanceResult(id, ConformanceOutcome.Passed, "ran")
                : new ConformanceResult(id, ConformanceOutcome.FalseDenial, denial ?? error!);
        }

        if (isChanged || (denial is null && error is null))
        {
            return new ConformanceResult(id, ConformanceOutcome.Bypass, isChanged ? "changed the database" : "ran");
        }

        if (denial is null && _ablated.Walls.Count == 0)
        {
            return new ConformanceResult(id, ConformanceOutcome.Error, $"no denial: {error}");
        }

        return new ConformanceResult(
            id, !HasControls || HasEffectUnguarded(test, engine) ? ConformanceOutcome.Passed : ConformanceOutcome.Inert, denial ?? error ?? "no effect") { Rule = rule };
    }

    private SqlWorld Create(SqlCase test, string engine) => engine switch
    {
        "sqlite" => new SqliteSqlWorld(_setups[test.Schema][engine]),
        "duckdb" => new DuckDbSqlWorld(_setups[test.Schema][engine]),
        "postgres" => new PostgreSqlSqlWorld(
            _server ?? throw new InvalidOperationException("LANGGUARD_TEST_POSTGRES names no server."),
            _setups[test.Schema][engine], test),
        "mysql" => new MySqlSqlWorld(
            Environment.GetEnvironmentVariable("LANGGUARD_TEST_MYSQL") ?? throw new InvalidOperationException("LANGGUARD_TEST_MYSQL names no server."),
            _setups[test.Schema][engine], test),
        "tsql" => new SqlServerSqlWorld(
            Environment.GetEnvironmentVariable(SqlServerVariable) ?? throw new InvalidOperationException($"{SqlServerVariable} names no server."),
            _setups[test.Schema][engine], test),
        _ => throw new ArgumentException($"There is no engine '{engine}'.", nameof(engine)),
    };

    private void RunGuarded(SqlWorld world, SqlCase test, string engine)
    {
        var policy = Policy.Create(guard =>
        {
            _ablated.Apply(guard);
            guard.LimitPermissions(allow => allow.Database("db", db =>
            {
                world.Use(db);
                test.Apply(db);
            }));
        });
        using var session = GuardSession.Create(policy, new Principal("conformance"));
        using var connection = session.Database("db").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = test.Sql;
        foreach (var mark in test.Marks(engine))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = mark == "?" ? string.Empty : mark;
            parameter.Value = engine == "sqlite" ? 1 : DBNull.Value; // NULL fits every type of a strict server.
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
        }
    }

    /// <summary>Whether the text has an effect, or gives an answer, where nobody guards. A text that only a limit stops has.</summary>
    private bool HasEffectUnguarded(SqlCase test, string engine)
    {
        using var world = Create(test, engine);
        try
        {
            using var connection = world.OpenUnguarded();
            using var command = connection.CreateCommand();

            // To the engine a text ends at its first NUL, behind which the driver would look for more for ever.
            command.CommandText = engine == "sqlite" ? test.Sql.Split('\0')[0] : test.Sql;
            command.CommandTimeout = 2;
            using var source = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using var stop = source.Token.Register(() => Stop(connection, command));
            using var reader = command.ExecuteReader();
            do
            {
                while (reader.Read())
                {
                }
            }
            while (reader.NextResult());
            return true;
        }
        catch (DbException failed)
        {
            return failed is MySqlConnector.MySqlException { ErrorCode: MySqlConnector.MySqlErrorCode.CommandTimeoutExpired or MySqlConnector.MySqlErrorCode.QueryInterrupted }
                or Microsoft.Data.SqlClient.SqlException { Number: -2 or 0 }
                or Npgsql.PostgresException { SqlState: "57014" }
                or Npgsql.NpgsqlException { InnerException: TimeoutException }
                or Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_INTERRUPT };
        }
        catch (OperationCanceledException)
        {
            // It was still running.
            return true;
        }
        catch (Exception failed) when (failed is InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    private static void Stop(DbConnection connection, DbCommand command)
    {
        if (connection is Microsoft.Data.Sqlite.SqliteConnection sqlite)
        {
            SQLitePCL.raw.sqlite3_interrupt(sqlite.Handle);
        }
        else
        {
            command.Cancel();
        }
    }
}
