using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>Statements that ask for the rows of others and for hidden values: they may run, and must not find any.</summary>
internal sealed class SqlConfinement(SqlSubject subject, Principal principal)
{
    /// <summary>The cases.</summary>
    /// <param name="owner">A connection that sees everything, for values to ask for; null where there is none.</param>
    public IEnumerable<SqlCase> Cases(DbConnection? owner) =>
        from table in subject.Tables
        let rule = subject.Rule(table)
        where rule is not null && subject.Allows(table, DatabasePermissions.Select)
        from test in Rows(table, rule).Concat(Masks(table, rule)).Concat(owner is null ? [] : Hashes(table, rule, owner))
        select test;

    /// <summary>A principal whose rows are there, so that the tables are not simply empty for it.</summary>
    public static Principal Choose(SqlSubject subject, DbConnection? owner)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in subject.Tables)
        {
            foreach (var (column, value) in subject.Rule(table)?.Rows ?? new Dictionary<string, string>())
            {
                var found = owner is null ? null : Scalar(
                    owner, $"SELECT min({subject.Text.AsText(column)}) FROM {subject.Text.Name(table)}") as string;
                values.TryAdd(value, string.IsNullOrWhiteSpace(found) ? "conformance" : found);
            }
        }

        return new Principal(
            values.GetValueOrDefault(DatabaseRowValue.User, "conformance"),
            values.GetValueOrDefault(DatabaseRowValue.Tenant, "conformance"),
            values.Where(value => value.Key.StartsWith(DatabaseRowValue.Claim, StringComparison.Ordinal))
                .Select(value => KeyValuePair.Create(value.Key[DatabaseRowValue.Claim.Length..], value.Value)));
    }

    private IEnumerable<SqlCase> Rows(SqlTable table, DatabaseTableOptions rule)
    {
        if (rule.Rows.Count == 0)
        {
            yield break;
        }

        var name = subject.Text.Name(table);
        var oracle = $"SELECT count(*) FROM {name} WHERE " + string.Join(
            " AND ", rule.Rows.Select(row => subject.Text.Is(row.Key, DatabaseRowValue.Of(principal, row.Value)!)));
        SqlCase Ask(string text) => new(SqlCaseKind.Confined, "rows of others", text) { Oracle = oracle };
        yield return Ask($"SELECT count(*) FROM {name}");
        yield return Ask($"SELECT count(*) FROM {name} WHERE 1 = 1 OR 1 = 0");
        yield return Ask($"SELECT (SELECT count(*) FROM {name})");
        yield return Ask($"SELECT count(*) FROM (SELECT 1 AS a FROM {name} UNION ALL SELECT 1 FROM {name} WHERE 1 = 0) AS s");
        yield return Ask($"WITH c AS (SELECT 1 AS a FROM {subject.Text.Qualified(table)}) SELECT count(*) FROM c");
        yield return Ask($"SELECT count(*) FROM (SELECT 1 AS one) AS a LEFT JOIN {name} AS b ON 1 = 1 OR b.{subject.Text.Quote(rule.Rows.Keys.First())} IS NULL WHERE b.{subject.Text.Quote(rule.Rows.Keys.First())} IS NOT NULL");
    }

    private IEnumerable<SqlCase> Masks(SqlTable table, DatabaseTableOptions rule) =>
        from column in rule.MaskColumns.Intersect(subject.Visible(table), StringComparer.OrdinalIgnoreCase)
        let quoted = subject.Text.Quote(column)
        let name = subject.Text.Name(table)
        from text in (string[])
        [
            $"SELECT count({quoted}) FROM {name}",
            $"SELECT count(*) FROM {name} WHERE {quoted} IS NOT NULL",
            $"WITH c (v) AS (SELECT {quoted} FROM {name}) SELECT count(v) FROM c",
            $"SELECT count(s.{quoted}) FROM (SELECT * FROM {name}) AS s",
        ]
        select new SqlCase(SqlCaseKind.Confined, "masked column", text) { Oracle = "SELECT 0" };

    private IEnumerable<SqlCase> Hashes(SqlTable table, DatabaseTableOptions rule, DbConnection owner) =>
        from column in rule.HashColumns.Intersect(subject.Visible(table), StringComparer.OrdinalIgnoreCase)
        let name = subject.Text.Name(table)
        let value = Scalar(owner, $"SELECT min({subject.Text.AsText(column)}) FROM {name}") as string
        where value is not null
        from text in (string[])
        [
            $"SELECT count(*) FROM {name} WHERE {subject.Text.Quote(column)} = {subject.Text.Literal(value)}",
            $"SELECT count(*) FROM {name} WHERE {subject.Text.AsText(column)} IN ({subject.Text.Literal(value)})",
        ]
        select new SqlCase(SqlCaseKind.Confined, "hashed column", text) { Oracle = "SELECT 0" };

    [SuppressMessage("Security", "CA2100", Justification = "The text is made here; its names are quoted.")]
    private static object? Scalar(DbConnection owner, string text)
    {
        using var command = owner.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
