using System.Data.Common;
using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>Runs cases on real engines: guarded and, for attacks, unguarded as the positive control.</summary>
/// <param name="worlds">The databases.</param>
/// <param name="ablated">The walls that are off, or null.</param>
public sealed class SqlCorpus(SqlWorlds worlds, string? ablated = null)
{
    /// <summary>The variable that names a SQL Server.</summary>
    public const string SqlServerVariable = "LANGGUARD_TEST_SQLSERVER";

    private readonly AblatedWalls _ablated = AblatedWalls.Parse(ablated);

    /// <summary>Whether attacks are also run unguarded, to see whether they have an effect at all.</summary>
    public bool HasControls { get; init; } = true;

    /// <summary>Runs one case on one engine.</summary>
    public ConformanceResult Run(SqlCase test, string engine)
    {
        ArgumentNullException.ThrowIfNull(test);
        var id = $"{test.Id}@{engine}";
        var world = worlds.Take(test, engine);
        world.Remember();
        string? denial = null, error = null, rule = null, difference = null;
        try
        {
            // Drivers write values into names of columns, each in its own way, and catalogs show each login its own: such answers
            // are not compared.
            difference = test is { IsAllowed: true, Writes: false } && test.Marks(engine).Count == 0 && !test.Tables.Keys.Any(table => table.Contains('.', StringComparison.Ordinal))
                ? SqlAnswer.Difference(() => RunGuarded(world, test, engine), () => RunUnguarded(world, test, engine))
                : RunGuarded(world, test, engine) is null ? "no answer" : null;
        }
        catch (Exception denied) when (denied is IAccessDenied access)
        {
            denial = $"{access.Decision} {denied.Message.ReplaceLineEndings(" ")}";
            rule = access.Decision.Reason?.Rule;
        }
        catch (Exception failed) when (failed is DbException or InvalidOperationException or NotSupportedException)
        {
            error = failed.Message;
        }

        var change = worlds.GiveBack(world, test, engine);
        if (test.IsAllowed)
        {
            return (denial ?? error ?? difference) is { } failure
                ? new ConformanceResult(id, ConformanceOutcome.FalseDenial, failure)
                : new ConformanceResult(id, ConformanceOutcome.Passed, "ran");
        }

        if (change is not null || (denial is null && error is null))
        {
            return new ConformanceResult(id, ConformanceOutcome.Bypass, change is null ? "ran" : $"changed the database: {change}");
        }

        if (denial is null && _ablated.Walls.Count == 0)
        {
            return new ConformanceResult(id, ConformanceOutcome.Error, $"no denial: {error}");
        }

        return new ConformanceResult(
            id, !HasControls || HasEffectUnguarded(test, engine) ? ConformanceOutcome.Passed : ConformanceOutcome.Inert, denial ?? error ?? "no effect") { Rule = rule };
    }

    private SqlAnswer RunGuarded(SqlWorld world, SqlCase test, string engine)
    {
        using var session = GuardSession.Create(world.PolicyOf(test, _ablated), new Principal("conformance"));
        using var connection = session.Database("db").OpenConnection();
        return Run(connection, world.TextOf(test), test, engine);
    }

    private static SqlAnswer RunUnguarded(SqlWorld world, SqlCase test, string engine)
    {
        using var connection = world.OpenUnguarded();
        return Run(connection, world.TextOf(test), test, engine);
    }

    private static SqlAnswer Run(DbConnection connection, string text, SqlCase test, string engine)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var mark in test.Marks(engine))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = mark == "?" ? string.Empty : mark;
            parameter.Value = engine == "sqlite" ? 1 : DBNull.Value; // NULL fits every type of a strict server.
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        return SqlAnswer.Read(reader, isOrdered: test.Sql.Contains("order by", StringComparison.OrdinalIgnoreCase));
    }

    private bool HasEffectUnguarded(SqlCase test, string engine)
    {
        var world = worlds.Take(test, engine);
        world.Remember();
        bool hasEffect;
        using (var connection = world.OpenUnguarded())
        {
            hasEffect = SqlControl.HasEffect(connection, world.TextOf(test), test.TakesResources);
        }

        worlds.GiveBack(world, test, engine);
        return hasEffect;
    }
}
