using System.Globalization;

namespace LangGuard.Testing.Conformance;

/// <summary>Runs statements through the guard and, where nobody else sees it, without one.</summary>
internal sealed class SqlCorpus(SqlUnderTest tested)
{
    private const int EnoughRows = 10_000;

    // What these refuse is the policy's own choice of how much.
    private static readonly string[] Choices =
        ["database.row-limit", "database.byte-limit", "database.cell-limit", "database.cost", "database.time-limit",
         "database.affected-rows", "database.excess-rights", "database.no-undo"];

    public ConformanceResult Run(SqlCase test)
    {
        var result = test.Names is { } name && tested.Subject.Grants(name)
            ? Of(test, ConformanceOutcome.Skipped, $"granted: {name}")
            : test.Kind switch
            {
                SqlCaseKind.Attack => RunAttack(test),
                SqlCaseKind.Confined => RunConfined(test),
                _ => RunHonest(test),
            };
        return result with { Technique = test.Technique, IsAttack = test.Kind != SqlCaseKind.Honest };
    }

    private static ConformanceResult Of(SqlCase test, ConformanceOutcome outcome, string seen) => new(test.Id, outcome, seen);

    private static string Name(Exception error) => $"{error.GetType().Name}: {error.Message}";

    private ConformanceResult RunAttack(SqlCase test)
    {
        var guarded = tested.RunGuarded(test.Text);
        var hasChanged = tested.World.TakeChange();
        return guarded.Error is null || hasChanged
            ? Of(test, ConformanceOutcome.Bypass, (hasChanged ? "it changed the database: " : "it ran: ") + test.Text)
            : Control(test.Text) is { } error
                ? Of(test, ConformanceOutcome.Inert, $"unguarded: {error}: {test.Text}")
                : Of(test, ConformanceOutcome.Passed, test.Text) with { Rule = guarded.Denial?.Reason?.Rule };
    }

    private ConformanceResult RunConfined(SqlCase test)
    {
        using var owner = tested.World.Connect();
        if (owner is null)
        {
            return Of(test, ConformanceOutcome.Skipped, "needs the owner's login");
        }

        var expected = SqlRun.Of(owner, test.Oracle!, 1);
        var all = SqlRun.Of(owner, test.Text, 1);
        if (expected.Error is { } error)
        {
            return Of(test, ConformanceOutcome.Error, $"{Name(error)}: {test.Oracle}");
        }

        var guarded = tested.RunGuarded(test.Text);
        return guarded is { Error: null } && Number(guarded) > Number(expected)
            ? Of(test, ConformanceOutcome.Bypass, $"it found {guarded.Rows[0]} instead of {expected.Rows[0]}: {test.Text}")
            : all.Error is not null || all.Rows.SequenceEqual(expected.Rows)
                ? Of(test, ConformanceOutcome.Inert, $"there is nothing else to find: {test.Text}")
                : Of(test, ConformanceOutcome.Passed, test.Text) with { Rule = guarded.Denial?.Reason?.Rule };
    }

    private ConformanceResult RunHonest(SqlCase test)
    {
        using var owner = tested.World.Connect();
        var expected = owner is null ? null : SqlRun.Of(owner, test.Text, EnoughRows);
        if (expected is { Error: { } error })
        {
            return Of(test, ConformanceOutcome.Skipped, $"unguarded: {Name(error)}: {test.Text}");
        }

        var guarded = tested.RunGuarded(test.Text);
        return guarded.Denial is { Kind: DecisionKind.Ask } ask ? Of(test, ConformanceOutcome.Skipped, $"a person is asked: {ask.Reason?.Rule}")
            : Choices.Contains(guarded.Denial?.Reason?.Rule)
                ? Of(test, ConformanceOutcome.Skipped, $"not granted: {guarded.Denial?.Reason?.Rule}")
            : guarded.Error is { } failure ? Of(test, ConformanceOutcome.FalseDenial, $"{Name(failure)}: {test.Text}") with { Rule = guarded.Denial?.Reason?.Rule }
            : test.IsComparable && expected is not null && expected.Rows.Count < EnoughRows && !IsSame(guarded, expected)
                ? Of(test, ConformanceOutcome.FalseDenial, $"the result differs from the unguarded one: {test.Text}")
                : Of(test, ConformanceOutcome.Passed, test.Text);
    }

    private static long Number(SqlRun run) => long.Parse(run.Rows[0], CultureInfo.InvariantCulture);

    private static bool IsSame(SqlRun one, SqlRun other) =>
        one.Rows.Order(StringComparer.Ordinal).SequenceEqual(other.Rows.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Why a text has no effect without a guard either; null when it has, or when nobody can say.</summary>
    private string? Control(string text)
    {
        if (tested.Control is not { } control)
        {
            return null;
        }

        SqlRun run;
        using (var connection = control.Connect()!)
        {
            run = SqlRun.Of(connection, text, EnoughRows);
        }

        control.TakeChange();
        return run.Error is { } error ? Name(error) : null;
    }
}
