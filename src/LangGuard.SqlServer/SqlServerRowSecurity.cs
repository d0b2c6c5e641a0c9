using System.Globalization;
using System.Text;
using LangGuard.Permissions;

namespace LangGuard.SqlServer;

/// <summary>Row filters on the server: a predicate compares a column with a value of the session that was set once and can not be
/// set again before the session is reset.</summary>
internal static class SqlServerRowSecurity
{
    internal static string KeyOf(string name) => $"langguard.{name}";

    /// <summary>The predicate and the policy of one table, for members of the role alone.</summary>
    internal static void Write(
        StringBuilder script, string schema, string table, IReadOnlyList<string> columns, DatabaseTableOptions rule, string role)
    {
        var place = $"{SqlServerText.Quote(schema)}.{SqlServerText.Quote(table)}";
        var function = $"[langguard].{SqlServerText.Quote($"rows {role} {schema} {table}")}";
        var policy = $"[langguard].{SqlServerText.Quote($"policy {role} {schema} {table}")}";
        var rows = rule.Rows.Select(row => (
            Column: columns.FirstOrDefault(known => string.Equals(known, row.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"The table {schema}.{table} has no column '{row.Key}', by which the policy confines it.", nameof(rule)),
            Key: KeyOf(row.Value))).ToList();
        var parameters = string.Join(", ", rows.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"@value{index} sql_variant")));
        var condition = string.Join(" AND ", rows.Select((row, index) => string.Create(CultureInfo.InvariantCulture,
            $"CAST(CAST(@value{index} AS nvarchar(4000)) AS varbinary(8000)) = CAST(CAST(SESSION_CONTEXT({SqlServerText.Literal(row.Key)}) AS nvarchar(4000)) AS varbinary(8000))")));
        var arguments = string.Join(", ", rows.Select(row => SqlServerText.Quote(row.Column)));
        var body = $"""
            CREATE FUNCTION {function} ({parameters}) RETURNS TABLE WITH SCHEMABINDING AS
            RETURN SELECT 1 AS ok WHERE IS_ROLEMEMBER({SqlServerText.Literal(role)}) IS NULL OR IS_ROLEMEMBER({SqlServerText.Literal(role)}) = 0 OR ({condition})
            """;
        script.Append(CultureInfo.InvariantCulture, $"""
            IF SCHEMA_ID(N'langguard') IS NULL EXEC(N'CREATE SCHEMA [langguard]');
            DENY SELECT, EXECUTE, ALTER, CONTROL ON SCHEMA::[langguard] TO {SqlServerText.Quote(role)};
            DROP SECURITY POLICY IF EXISTS {policy};
            DROP FUNCTION IF EXISTS {function};
            EXEC({SqlServerText.Literal(body)});
            CREATE SECURITY POLICY {policy}
              ADD FILTER PREDICATE {function}({arguments}) ON {place},
              ADD BLOCK PREDICATE {function}({arguments}) ON {place}
              WITH (STATE = ON, SCHEMABINDING = ON);

            """);
    }
}
