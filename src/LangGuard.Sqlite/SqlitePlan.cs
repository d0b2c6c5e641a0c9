using LangGuard.Data;

namespace LangGuard.Sqlite;

/// <summary>A query plan: which tables are visited in full, one inside the other. What is found by an index counts as one row.</summary>
/// <param name="steps">The lines of the plan.</param>
/// <param name="rowsOf">About how many rows a table has, by the name in the plan; null for a name that is no table.</param>
internal sealed class SqlitePlan(IReadOnlyList<SqlitePlan.Step> steps, Func<string, double?> rowsOf)
{
    /// <summary>One of <see cref="Permissions.DatabaseLimitOptions.MaxCost"/> stands for this many visited rows, as with
    /// PostgreSQL.</summary>
    private const double RowsOfOneCost = 100;

    private readonly ILookup<int, Step> _children = steps.ToLookup(step => step.Parent);

    // What a query inside the statement visits, by the name that it has in the plan.
    private readonly Dictionary<string, double> _inner = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>One line.</summary>
    internal readonly record struct Step(int Id, int Parent, string Detail);

    internal PlanEstimate Estimate()
    {
        var visited = Visit(0, 1, out var rows);
        return new PlanEstimate(visited / RowsOfOneCost, rows);
    }

    /// <summary>Rows that the steps below a line visit: those side by side are loops, one inside the other.</summary>
    /// <param name="parent">The line.</param>
    /// <param name="times">How often they run.</param>
    /// <param name="rows">About how many rows come out.</param>
    private double Visit(int parent, double times, out double rows)
    {
        var visited = 0d;
        rows = 1;
        foreach (var step in _children[parent])
        {
            var name = Name(step.Detail, "SCAN ");
            if (name is not null)
            {
                rows *= _inner.TryGetValue(name, out var inner) ? inner : rowsOf(name) ?? 1;
                visited += times * rows;
            }
            else if (step.Detail.StartsWith("CORRELATED", StringComparison.Ordinal))
            {
                // Runs again for every row around it.
                visited += Visit(step.Id, times * rows, out _);
            }
            else if (Name(step.Detail, "CO-ROUTINE ") is { } routine)
            {
                visited += Visit(step.Id, times, out var made);
                _inner[routine] = made;
            }
            else if (Name(step.Detail, "MATERIALIZE ") is { } table)
            {
                visited += Visit(step.Id, times, out var made);
                _inner[table] = made;
            }
            else
            {
                visited += Visit(step.Id, times, out _);
            }
        }

        return visited;
    }

    private static string? Name(string detail, string verb)
    {
        if (!detail.StartsWith(verb, StringComparison.Ordinal))
        {
            return null;
        }

        var name = detail[verb.Length..];
        var end = name.IndexOf(" USING ", StringComparison.Ordinal);
        name = end < 0 ? name : name[..end];
        end = name.IndexOf(" VIRTUAL TABLE", StringComparison.Ordinal);
        return (end < 0 ? name : name[..end]).Replace(" LEFT-JOIN", string.Empty, StringComparison.Ordinal);
    }
}
