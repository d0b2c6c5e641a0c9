using DuckDB.NET.Data;
using LangGuard.Ablation;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>What the engine itself says of a text before it runs.</summary>
internal sealed partial class DuckDbEngineSession
{
    /// <summary>One of <see cref="Permissions.DatabaseLimitOptions.MaxCost"/> stands for this many rows, as with PostgreSQL.</summary>
    private const double RowsOfOneCost = 100;

    internal override PlanEstimate? Estimate(EngineStatement statement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Recover();
        if (statement.Facts is not { Kind: not SqlStatementKind.Explain } facts)
        {
            return null;
        }

        var parameters = new List<DuckDBParameter>();
        var text = DuckDbText.Marked(statement, parameters);
        _deadline.Start(statement.Timeout, cancellationToken);
        try
        {
            if (!DuckDbStatements.IsOne(_connection, text, facts.Kind))
            {
                throw Refused();
            }

            var plan = PlanOf(text, parameters);
            return new PlanEstimate(plan.Visited / RowsOfOneCost, plan.Rows ?? 1);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <summary>A query is one by the engine's own syntax tree, which names nothing that the inspector or the policy do not.</summary>
    private void Prove(string text, SqlFacts? facts)
    {
        if (_scope.Off.Has(Wall.DuckDbSecondOpinion))
        {
            return;
        }

        var kind = facts?.Kind ?? SqlStatementKind.Query;
        var query = kind == SqlStatementKind.Explain ? DuckDbText.Explained(text) : text;
        if (query is null
            || new SecondOpinion(_engine.Syntax, _engine.Schema, _scope).Refusal(query, facts) is not null
            || !DuckDbStatements.IsOne(_connection, text, kind == SqlStatementKind.Explain ? kind : SqlStatementKind.Query))
        {
            throw Refused();
        }
    }

    /// <summary>A change has no syntax tree: the engine says its kind, and its plan names the tables.</summary>
    private void ProveChange(string text, SqlFacts facts, List<DuckDBParameter> parameters)
    {
        if (_scope.Off.Has(Wall.DuckDbSecondOpinion))
        {
            return;
        }

        if (facts is not { Changes: [var change] } || facts.Kind is not (SqlStatementKind.Insert or SqlStatementKind.Update or SqlStatementKind.Delete)
            || change.Kind != facts.Kind || !DuckDbStatements.IsOne(_connection, text, facts.Kind))
        {
            throw Refused();
        }

        // Of a view the plan names the tables behind it, which the statement may not know.
        if (facts.Tables.Any(table => table.Table is { IsView: true }))
        {
            return;
        }

        var schema = _engine.Schema.DefaultSchema;
        var known = facts.Tables.Select(table => $"{table.Schema ?? schema}.{table.Name}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!known.IsSupersetOf(PlanOf(text, parameters).Tables))
        {
            throw Refused();
        }
    }

    private DuckDbPlan PlanOf(string text, List<DuckDBParameter> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"EXPLAIN (FORMAT JSON) {text}";
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new DuckDBParameter(parameter.ParameterName, parameter.Value));
        }

        using var reader = command.ExecuteReader();
        reader.Read();
        return DuckDbPlan.Parse(reader.GetString(1));
    }
}
