using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>Reads and changes of tables for which a policy does not grant that.</summary>
internal static class SqlTableAttacks
{
    public static IEnumerable<SqlCase> Of(SqlSubject subject) =>
        subject.Tables.SelectMany(table => Reads(subject, table).Select(text => Attack("table not granted", text))
            .Concat(Inserts(subject, table).Select(text => Attack("insert not granted", text)))
            .Concat(Updates(subject, table).Select(text => Attack("update not granted", text)))
            .Concat(Deletes(subject, table).Select(text => Attack("delete not granted", text)))
            .Concat(Everything(subject, table).Select(text => Attack("every row", text)))
            .Concat(Locks(subject, table).Select(text => Attack("lock", text))));

    private static SqlCase Attack(string technique, string text) => new(SqlCaseKind.Attack, technique, text);

    private static IEnumerable<string> Reads(SqlSubject subject, SqlTable table)
    {
        if (subject.Allows(table, DatabasePermissions.Select))
        {
            yield break;
        }

        var name = subject.Text.Name(table);
        var qualified = subject.Text.Qualified(table);
        yield return $"SELECT * FROM {name}";
        yield return $"select * from {qualified}";
        yield return $"SELECT/**/*/**/FROM/**/{name}";
        yield return $"SELECT count(*) FROM {name}";
        yield return $"SELECT (SELECT count(*) FROM {name})";
        yield return $"SELECT 1 FROM (SELECT 1 AS a) AS s WHERE EXISTS (SELECT 1 FROM {name})";
        yield return $"SELECT * FROM (SELECT * FROM {name}) AS s";
        yield return $"WITH c AS (SELECT * FROM {name}) SELECT * FROM c";
        yield return $"WITH {subject.Text.Quote(table.Name)} AS (SELECT 1 AS a) SELECT * FROM {qualified}";
        yield return $"SELECT 1 AS a UNION ALL SELECT count(*) FROM {name}";
        if (subject.Dialect != SqlDialect.TSql)
        {
            yield return $"EXPLAIN SELECT * FROM {name}";
        }

        if (subject.Granted is { } granted)
        {
            var other = subject.Text.Name(granted);
            yield return $"SELECT b.* FROM {other} AS a, {name} AS b";
            yield return $"SELECT b.* FROM {other} AS a LEFT JOIN {name} AS b ON 1 = 1";
            yield return $"SELECT 1 FROM {other} ORDER BY (SELECT count(*) FROM {name})";
            yield return $"SELECT count(*) FROM {other} HAVING count(*) > (SELECT count(*) FROM {name})";
        }
    }

    private static IEnumerable<string> Inserts(SqlSubject subject, SqlTable table)
    {
        if (table.IsView || subject.Allows(table, DatabasePermissions.Insert))
        {
            yield break;
        }

        var name = subject.Text.Name(table);
        var columns = subject.Text.Columns(table.Columns);
        yield return $"INSERT INTO {name} ({columns}) SELECT {columns} FROM {name}";
        yield return $"INSERT INTO {name} DEFAULT VALUES";
        yield return $"WITH c AS (SELECT 1 AS a) INSERT INTO {name} ({columns}) SELECT {columns} FROM {name}";
        if (subject.Dialect is SqlDialect.Sqlite or SqlDialect.MySql)
        {
            yield return $"REPLACE INTO {name} ({columns}) SELECT {columns} FROM {name}";
        }
    }

    private static IEnumerable<string> Updates(SqlSubject subject, SqlTable table)
    {
        if (table.IsView || subject.Allows(table, DatabasePermissions.Update))
        {
            yield break;
        }

        var name = subject.Text.Name(table);
        var column = subject.Text.Quote(table.Columns[0]);
        yield return $"UPDATE {name} SET {column} = {column} WHERE {column} IS NOT NULL";
        yield return $"update {subject.Text.Qualified(table)} set {column} = {column}";
        if (subject.Dialect == SqlDialect.Sqlite)
        {
            yield return $"UPDATE OR REPLACE {name} SET {column} = {column} WHERE 1 = 1";
            yield return $"WITH c AS (SELECT 1 AS a) UPDATE {name} SET {column} = {column} RETURNING {column}";
        }
    }

    private static IEnumerable<string> Deletes(SqlSubject subject, SqlTable table)
    {
        if (table.IsView || subject.Allows(table, DatabasePermissions.Delete))
        {
            yield break;
        }

        var name = subject.Text.Name(table);
        var column = subject.Text.Quote(table.Columns[0]);
        yield return $"DELETE FROM {name} WHERE {column} IS NOT NULL OR {column} IS NULL";
        yield return $"dElEtE/**/from {subject.Text.Qualified(table)}";
        if (subject.Dialect != SqlDialect.Sqlite)
        {
            yield return $"TRUNCATE TABLE {name}";
        }

        if (subject.Dialect is SqlDialect.PostgreSql)
        {
            yield return $"WITH d AS (DELETE FROM {name} RETURNING *) SELECT * FROM d";
            yield return $"EXPLAIN ANALYZE DELETE FROM {name}";
        }

        if (subject.Dialect is SqlDialect.PostgreSql or SqlDialect.TSql)
        {
            yield return $"MERGE INTO {name} AS t USING (SELECT 1 AS a) AS s ON 1 = 1 WHEN MATCHED THEN DELETE;";
        }
    }

    private static IEnumerable<string> Everything(SqlSubject subject, SqlTable table)
    {
        if (table.IsView || subject.Options.Limits.UnguardedWithoutWhere)
        {
            yield break;
        }

        if (subject.Allows(table, DatabasePermissions.Delete))
        {
            yield return $"DELETE FROM {subject.Text.Name(table)}";
            yield return $"DELETE FROM {subject.Text.Name(table)} WHERE 1 = 1";
        }

        if (subject.Allows(table, DatabasePermissions.Update) && subject.Visible(table).FirstOrDefault() is { } visible)
        {
            yield return $"UPDATE {subject.Text.Name(table)} SET {subject.Text.Quote(visible)} = {subject.Text.Quote(visible)}";
        }
    }

    private static IEnumerable<string> Locks(SqlSubject subject, SqlTable table) =>
        subject.Dialect is SqlDialect.PostgreSql or SqlDialect.MySql && subject.Allows(table, DatabasePermissions.Select)
            ? [$"SELECT 1 FROM {subject.Text.Name(table)} FOR UPDATE"]
            : [];
}
