using System.Collections.Concurrent;
using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>The databases of a run. One that a case has left as it was serves the next case with the same rows and rights.</summary>
public sealed class SqlWorlds : IDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<SqlWorld>> _free = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, string[]>> _setups = new(StringComparer.Ordinal);
    private readonly SqlOutside _outside = new();

    /// <param name="schemas">The file of schemas and their rows.</param>
    public SqlWorlds(string schemas)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(schemas));
        foreach (var schema in document.RootElement.GetProperty("schemas").EnumerateObject())
        {
            _setups[schema.Name] = schema.Value.GetProperty("setup").EnumerateObject().ToDictionary(
                engine => engine.Name,
                engine => engine.Value.EnumerateArray().Select(statement => statement.GetString()!).ToArray(),
                StringComparer.Ordinal);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var world in _free.Values.SelectMany(worlds => worlds))
        {
            world.Dispose();
        }

        _free.Clear();
        _outside.Dispose();
    }

    /// <summary>Hands out a database that nobody else has, with the rows and rights of a case.</summary>
    internal SqlWorld Take(SqlCase test, string engine)
    {
        if (Free(test, engine).TryTake(out var world))
        {
            return world;
        }

        var setup = _setups[test.Schema][engine];
        world = engine switch
        {
            "sqlite" => new SqliteSqlWorld(setup),
            "duckdb" => new DuckDbSqlWorld(setup),
            "postgres" => new PostgreSqlSqlWorld(Server("LANGGUARD_TEST_POSTGRES"), setup, test),
            "mysql" => new MySqlSqlWorld(Server("LANGGUARD_TEST_MYSQL"), setup, test),
            "tsql" => new SqlServerSqlWorld(Server(SqlCorpus.SqlServerVariable), setup, test),
            _ => throw new ArgumentException($"There is no engine '{engine}'.", nameof(engine)),
        };
        world.Outside = _outside.Of(engine);
        return world;
    }

    /// <summary>Takes a database back, unless the case has changed it. Whoever does not get here leaves it to nobody else.</summary>
    /// <returns>What was changed, or null.</returns>
    internal string? GiveBack(SqlWorld world, SqlCase test, string engine)
    {
        var change = world.Change();
        if (change is null)
        {
            Free(test, engine).Add(world);
        }
        else
        {
            world.Dispose();
            _outside.Clear(engine);
        }

        return change;
    }

    private ConcurrentBag<SqlWorld> Free(SqlCase test, string engine) =>
        _free.GetOrAdd($"{engine} {test.Schema} {test.IsForLimits} {test.Policy}", _ => []);

    private static string Server(string variable) =>
        Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} names no server.");
}
