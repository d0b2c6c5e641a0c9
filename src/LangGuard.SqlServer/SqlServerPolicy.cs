using LangGuard.Permissions;

namespace LangGuard.SqlServer;

/// <summary>Reads a policy in the words of SQL Server.</summary>
internal static class SqlServerPolicy
{
    internal static DatabaseTableOptions? Find(DatabaseOptions options, string schema, string table, string defaultSchema) =>
        options.Tables.TryGetValue($"{schema}.{table}", out var found)
        || (string.Equals(schema, defaultSchema, StringComparison.OrdinalIgnoreCase) && options.Tables.TryGetValue(table, out found))
            ? found
            : null;

    /// <summary>Whether a right is in the policy: on a table, or on one of its columns.</summary>
    internal static bool Allows(DatabaseTableOptions? rule, string right, string column) =>
        rule is not null
        && Enum.TryParse<DatabasePermissions>(right, ignoreCase: true, out var permission)
        && (rule.Allow & permission) == permission
        && (right.Equals("DELETE", StringComparison.OrdinalIgnoreCase)
            || (column.Length == 0 ? !Hidden(rule, permission).Any() : !Hidden(rule, permission).Contains(column, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Columns on which the login needs no right. What a mask or hash shows is made by the guard, which reads the column.</summary>
    internal static IEnumerable<string> Hidden(DatabaseTableOptions rule, DatabasePermissions permission) =>
        permission == DatabasePermissions.Select ? rule.DenyColumns.Concat(rule.MaskColumns) : rule.DenyColumns;
}
