using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>What an honest agent does with the tables that a policy grants.</summary>
internal static class SqlHonest
{
    public static IEnumerable<SqlCase> Of(SqlSubject subject) =>
        subject.Tables.Where(table => subject.Allows(table, DatabasePermissions.Select) && subject.Visible(table).Any())
            .SelectMany(table => Reads(subject, table).Concat(Writes(subject, table)));

    private static IEnumerable<SqlCase> Reads(SqlSubject subject, SqlTable table)
    {
        var name = subject.Text.Name(table);
        var columns = subject.Text.Columns(subject.Visible(table));
        var column = subject.Text.Quote(subject.Visible(table).First());
        SqlCase Query(string technique, string text) =>
            new(SqlCaseKind.Honest, technique, text) { IsComparable = subject.IsPlain(table) };

        yield return Query("select", $"SELECT {columns} FROM {name}");
        yield return Query("schema and table", $"SELECT {column} FROM {subject.Text.Qualified(table)}");
        yield return Query("count", $"SELECT count(*) FROM {name}");
        yield return Query("where", $"SELECT {column} FROM {name} WHERE {column} IS NOT NULL");
        yield return Query("order", $"SELECT {column} AS v FROM {name} ORDER BY v DESC");
        yield return Query("group", $"SELECT {column}, count(*) AS n FROM {name} GROUP BY {column} HAVING count(*) > 0");
        yield return Query("distinct", $"SELECT DISTINCT {column} FROM {name}");
        yield return Query("common table", $"WITH c AS (SELECT {column} FROM {name}) SELECT * FROM c");
        yield return Query("subquery", $"SELECT s.{column} FROM (SELECT {columns} FROM {name}) AS s");
        yield return Query("in", $"SELECT {column} FROM {name} WHERE {column} IN (SELECT {column} FROM {name})");
        yield return Query("union", $"SELECT {column} FROM {name} UNION SELECT {column} FROM {name}");
        yield return Query("case", $"SELECT CASE WHEN {column} IS NULL THEN 'none' ELSE 'some' END FROM {name}");
        yield return Query("window", $"SELECT count(*) OVER (PARTITION BY {column}) FROM {name}");
        yield return Query("text of an attack", $"SELECT {column}, '; DROP TABLE x --' AS note FROM {name} /* delete from x */");
        yield return Query("self join", $"SELECT count(*) FROM {name} AS a LEFT JOIN {name} AS b ON a.{column} = b.{column} AND 1 = 0");
    }

    /// <summary>Changes that find no row: what is granted runs, and everything stays as it is.</summary>
    private static IEnumerable<SqlCase> Writes(SqlSubject subject, SqlTable table)
    {
        var name = subject.Text.Name(table);
        var column = subject.Text.Quote(subject.Visible(table).First());
        var nothing = $"{column} IS NULL AND {column} IS NOT NULL";
        if (!table.IsView && subject.Allows(table, DatabasePermissions.Delete))
        {
            yield return new SqlCase(SqlCaseKind.Honest, "delete", $"DELETE FROM {name} WHERE {nothing}");
        }

        if (!table.IsView && subject.Allows(table, DatabasePermissions.Update) && subject.IsPlain(table))
        {
            var last = subject.Text.Quote(subject.Visible(table).Last());
            yield return new SqlCase(SqlCaseKind.Honest, "update", $"UPDATE {name} SET {last} = {last} WHERE {nothing}");
        }
    }
}
