using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace LangGuard.SqlServer;

/// <summary>Makes a query a part of another one, whose grammar admits one query alone: no second statement, no INTO, no EXECUTE.</summary>
internal static class DerivedTable
{
    /// <summary>The place of a query that may stand there: with a name for every column, each once, and no order of rows.</summary>
    internal static Range BodyOf(SelectStatement statement)
    {
        if (statement.OptimizerHints.Count > 0 || statement.QueryExpression is not { ForClause: null, OrderByClause: null } query
            || !HasNames(query))
        {
            return default;
        }

        return query.StartOffset..(query.StartOffset + query.FragmentLength);
    }

    /// <summary>The text with the query inside; the text itself where it can not be.</summary>
    /// <param name="sql">The statement without a semicolon behind it.</param>
    /// <param name="body">Where its query stands.</param>
    internal static string Wrap(string sql, Range body)
    {
        var (start, length) = body.GetOffsetAndLength(sql.Length);
        return length == 0
            ? sql
            : $"{sql[..start]}SELECT * FROM (\n{sql.Substring(start, length)}\n) AS langguard\n{sql[(start + length)..]}";
    }

    private static bool HasNames(QueryExpression query)
    {
        while (query is not QuerySpecification)
        {
            switch (query)
            {
                case QueryParenthesisExpression inner:
                    query = inner.QueryExpression;
                    break;
                case BinaryQueryExpression pair:
                    query = pair.FirstQueryExpression;
                    break;
                default:
                    return false;
            }
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var element in ((QuerySpecification)query).SelectElements)
        {
            var name = element is SelectScalarExpression scalar
                ? scalar.ColumnName?.Value
                    ?? (scalar.Expression as ColumnReferenceExpression)?.MultiPartIdentifier?.Identifiers[^1].Value
                : null;
            if (name is null || !names.Add(name))
            {
                return false;
            }
        }

        return true;
    }
}
