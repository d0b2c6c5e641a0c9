using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>Uses of denied columns, in every position of a statement.</summary>
internal static class SqlColumnAttacks
{
    public static IEnumerable<SqlCase> Of(SqlSubject subject) =>
        from table in subject.Tables
        from column in subject.Denied(table)
        from text in Reads(subject, table, column).Concat(Changes(subject, table, column))
        select new SqlCase(SqlCaseKind.Attack, "denied column", text);

    private static IEnumerable<string> Reads(SqlSubject subject, SqlTable table, string denied)
    {
        var name = subject.Text.Name(table);
        var column = subject.Text.Quote(denied);
        yield return $"SELECT {column} FROM {name}";
        yield return $"SELECT x.{column} AS harmless FROM {name} AS x";
        yield return $"SELECT * FROM {name}";
        yield return $"SELECT x.* FROM (SELECT * FROM {name}) AS x";
        yield return $"SELECT 1 FROM {name} WHERE {column} IS NOT NULL";
        yield return $"SELECT 1 FROM {name} WHERE {column} LIKE 'a%'";
        yield return $"SELECT 1 FROM {name} ORDER BY {column}";
        yield return $"SELECT count(*) FROM {name} GROUP BY {column}";
        yield return $"SELECT count(*) FROM {name} HAVING count({column}) > 0";
        yield return $"SELECT count({column}), min({column}) FROM {name}";
        yield return $"SELECT CASE WHEN {column} IS NULL THEN 0 ELSE 1 END FROM {name}";
        yield return $"SELECT row_number() OVER (ORDER BY {column}) FROM {name}";
        yield return $"SELECT 1 FROM {name} AS a JOIN {name} AS b ON a.{column} = b.{column}";
        yield return $"SELECT 1 FROM {name} WHERE 1 IN (SELECT 1 FROM {name} AS b WHERE b.{column} IS NOT NULL)";
        yield return $"WITH c (v) AS (SELECT {column} FROM {name}) SELECT v FROM c";
        yield return $"SELECT NULL AS v UNION ALL SELECT {column} FROM {name}";
        yield return $"SELECT (SELECT max(b.{column}) FROM {name} AS b) FROM {name}";
        if (subject.Dialect != SqlDialect.TSql)
        {
            yield return $"SELECT 1 FROM {name} AS a JOIN {name} AS b USING ({column})";
            yield return $"SELECT 1 FROM {name} AS a NATURAL JOIN {name} AS b";
        }

        if (subject.Dialect == SqlDialect.PostgreSql)
        {
            yield return $"SELECT x FROM {name} AS x";
            yield return $"SELECT x::text FROM {name} AS x";
            yield return $"SELECT row_to_json(x) FROM {name} AS x";
        }
    }

    private static IEnumerable<string> Changes(SqlSubject subject, SqlTable table, string denied)
    {
        var name = subject.Text.Name(table);
        var column = subject.Text.Quote(denied);
        if (table.IsView)
        {
            yield break;
        }

        if (subject.Allows(table, DatabasePermissions.Update))
        {
            yield return $"UPDATE {name} SET {column} = NULL WHERE {column} IS NOT NULL";
            if (subject.Visible(table).FirstOrDefault() is { } visible)
            {
                yield return $"UPDATE {name} SET {subject.Text.Quote(visible)} = {column} WHERE {subject.Text.Quote(visible)} IS NOT NULL";
            }
        }

        if (subject.Allows(table, DatabasePermissions.Insert))
        {
            yield return $"INSERT INTO {name} ({column}) VALUES (NULL)";
        }

        if (subject.Allows(table, DatabasePermissions.Delete))
        {
            yield return $"DELETE FROM {name} WHERE {column} IS NOT NULL";
        }
    }
}
