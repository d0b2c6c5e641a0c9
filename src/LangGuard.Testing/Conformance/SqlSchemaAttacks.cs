using LangGuard.Data;

namespace LangGuard.Testing.Conformance;

/// <summary>Changes of the schema, alone and behind an honest statement: no policy grants any as a text.</summary>
internal static class SqlSchemaAttacks
{
    public static IEnumerable<SqlCase> Of(SqlSubject subject) =>
        subject.Tables.SelectMany(table => Changes(subject, table)).Select(text => new SqlCase(SqlCaseKind.Attack, "schema change", text))
            .Concat(subject.Tables.Take(1).SelectMany(table => Stacked(subject, table))
                .Select(text => new SqlCase(SqlCaseKind.Attack, "second statement", text)));

    private static IEnumerable<string> Changes(SqlSubject subject, SqlTable table)
    {
        var name = subject.Text.Name(table);
        var kind = table.IsView ? "VIEW" : "TABLE";
        yield return $"DROP {kind} {name}";
        yield return $"dRoP/**/{kind}/**/if exists {subject.Text.Qualified(table)}";
        yield return $"CREATE VIEW conformance_view AS SELECT * FROM {name}";
        yield return subject.Dialect == SqlDialect.TSql
            ? $"SELECT * INTO conformance_table FROM {name}"
            : $"CREATE TABLE conformance_table AS SELECT * FROM {name}";
        if (table.IsView)
        {
            yield break;
        }

        var column = subject.Text.Quote(table.Columns[0]);
        yield return $"ALTER TABLE {name} ADD conformance_column int";
        yield return $"ALTER TABLE {name} DROP COLUMN {subject.Text.Quote(table.Columns[^1])}";
        yield return $"CREATE INDEX conformance_index ON {name} ({column})";
        if (subject.Dialect != SqlDialect.TSql)
        {
            yield return $"ALTER TABLE {name} RENAME TO conformance_table";
            yield return $"CREATE TEMPORARY TABLE conformance_table AS SELECT * FROM {name}";
        }

        if (subject.Dialect == SqlDialect.Sqlite)
        {
            yield return $"CREATE TEMP TRIGGER conformance_trigger AFTER INSERT ON {name} BEGIN DELETE FROM {name}; END";
        }

        if (subject.Dialect == SqlDialect.PostgreSql)
        {
            yield return $"SELECT * INTO conformance_table FROM {name}";
            yield return $"GRANT ALL ON {name} TO PUBLIC";
        }
    }

    private static IEnumerable<string> Stacked(SqlSubject subject, SqlTable table)
    {
        var honest = subject.Granted is { } granted ? $"SELECT count(*) FROM {subject.Text.Name(granted)}" : "SELECT 1";
        var drop = $"DROP {(table.IsView ? "VIEW" : "TABLE")} {subject.Text.Name(table)}";
        yield return $"{honest}; {drop}";
        yield return $"{honest};;{drop};";
        yield return $"{honest}; COMMIT; {drop}";
        yield return $"{honest} -- nothing\n; {drop}";
        yield return $"{honest} /* nothing */; {drop}";
        yield return $"BEGIN; {drop}; COMMIT";
        if (subject.Dialect != SqlDialect.Sqlite)
        {
            // The driver of SQLite itself never returns from this.
            yield return $"{honest}\0; {drop}";
        }

        if (subject.Dialect == SqlDialect.MySql)
        {
            yield return $"/*!50000 {drop} */";
            yield return $"{honest} /*!50000 ; {drop} */";
            yield return $"{honest}; #\n{drop}";
        }

        if (subject.Dialect == SqlDialect.TSql)
        {
            // T-SQL needs nothing between two statements.
            yield return $"{honest} {drop}";
            yield return $"{honest} EXEC ({subject.Text.Literal(drop)})";
        }
    }
}
