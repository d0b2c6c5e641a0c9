using System.Text.Json;
using LangGuard.Data;
using Npgsql;

namespace LangGuard.PostgreSql;

/// <summary>What the planner expects of a statement.</summary>
internal sealed partial class PostgreSqlEngineSession
{
    /// <summary>Plans the statement in a sealed read-only transaction. Nothing of it runs but stable functions of constants, for
    /// as long as a statement may.</summary>
    internal override PlanEstimate? Estimate(EngineStatement statement, CancellationToken cancellationToken)
    {
        var batch = Start(statement, readOnly: true, stands: false, cancellationToken);
        batch.BatchCommands.Add(PostgreSqlText.Command("EXPLAIN (FORMAT JSON) ", statement));
        End(batch);
        try
        {
            using var reader = batch.ExecuteReader();
            reader.NextResult();
            return reader.Read() ? Read(reader.GetString(0), _scope.Grant.MaxRows + 1L) : null;
        }
        catch (Exception exception)
        {
            Note(exception);
            throw;
        }
    }

    /// <summary>Reads a plan. A query stops after the rows that are fetched, so only that part of its cost counts.</summary>
    private static PlanEstimate? Read(string json, long fetched)
    {
        using var document = JsonDocument.Parse(json);
        var plan = document.RootElement[0].GetProperty("Plan");
        var start = plan.GetProperty("Startup Cost").GetDouble();
        var total = plan.GetProperty("Total Cost").GetDouble();
        var rows = plan.GetProperty("Plan Rows").GetDouble();
        if (plan.GetProperty("Node Type").GetString() == "ModifyTable")
        {
            return new PlanEstimate(
                total,
                plan.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().Sum(part => part.GetProperty("Plan Rows").GetDouble()) : rows);
        }

        var part = rows > fetched ? fetched / rows : 1;
        return new PlanEstimate(start + ((total - start) * part), rows);
    }
}
