using System.Text.Json;
using LangGuard.Data;
using LangGuard.SqlServer;
using LangGuard.Testing;

namespace LangGuard.Conformance;

/// <summary>Decides cases for SQL Server without one: by the policy on what the inspector found, and by Microsoft's own parser,
/// which has to agree. The positive control of an attack is that this parser reads the text.</summary>
public sealed class ParsedSqlCorpus
{
    private readonly Dictionary<string, SqlSchema> _schemas = new(StringComparer.Ordinal);

    /// <param name="schemas">The file of schemas.</param>
    public ParsedSqlCorpus(string schemas)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(schemas));
        foreach (var schema in document.RootElement.GetProperty("schemas").EnumerateObject())
        {
            var tables = schema.Value.GetProperty("tables").EnumerateObject().Select(table => new SqlTable(
                "dbo", table.Name, table.Value.EnumerateArray().Select(column => column.GetString()!)));
            if (schema.Name == "shop")
            {
                tables = tables
                    .Append(new SqlTable("dbo", "v_order_totals", ["customer_id", "n", "paid"], isView: true))
                    .Append(new SqlTable("dbo", "v_keys", ["owner", "v"], isView: true));
            }

            _schemas[schema.Name] = new SqlSchema(SqlDialect.TSql, tables, ["order_total", "purge_orders", "get_key"]);
        }
    }

    /// <summary>Decides one case.</summary>
    public ConformanceResult Run(SqlCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var id = $"{test.Id}@tsql";
        var schema = _schemas[test.Schema];
        var denial = Denial(test, schema);
        if (test.IsAllowed)
        {
            return denial is null ? new ConformanceResult(id, ConformanceOutcome.Passed, "allowed") : new ConformanceResult(id, ConformanceOutcome.FalseDenial, denial);
        }

        if (denial is null)
        {
            // A text that only a limit stops may pass here; what it runs into needs a server.
            return test.IsForLimits ? new ConformanceResult(id, ConformanceOutcome.Skipped, "limits") : new ConformanceResult(id, ConformanceOutcome.Bypass, "allowed");
        }

        return new ConformanceResult(
            id, SecondOpinion.Parse(test.Sql, schema.DefaultSchema).Refusal == SecondOpinion.Unreadable ? ConformanceOutcome.Inert : ConformanceOutcome.Passed, denial);
    }

    private static string? Denial(SqlCase test, SqlSchema schema)
    {
        var inspection = SqlInspector.Inspect(test.Sql.AsSpan(), SqlDialect.TSql, schema);
        if (inspection.Facts is not { } facts)
        {
            return inspection.Refusal!.Message;
        }

        if (SecondOpinion.Disagreement(test.Sql[..facts.End], facts, schema.DefaultSchema) is { } disagreement)
        {
            return $"The second parser: {disagreement}.";
        }

        var principal = new Principal("conformance");
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Database("db", test.Apply)));
        using var session = GuardSession.Create(policy, principal);
        var decision = policy.Decide(
            new DatabaseOperation(principal, "db", test.Sql, facts, schema.DefaultSchema, string.Empty), session);
        return decision.IsAllowed ? null : decision.ToString();
    }
}
