using LangGuard.Permissions;

namespace LangGuard.MySql;

/// <summary>Reads a policy in the words of MySQL.</summary>
internal static class MySqlPolicy
{
    internal static DatabaseTableOptions? Find(DatabaseOptions options, string schema, string table, string defaultSchema) =>
        options.Tables.TryGetValue($"{schema}.{table}", out var found)
        || (string.Equals(schema, defaultSchema, StringComparison.OrdinalIgnoreCase) && options.Tables.TryGetValue(table, out found))
            ? found
            : null;

    internal static bool Allows(DatabaseTableOptions? rule, string right) =>
        rule is not null
        && Enum.TryParse<DatabasePermissions>(right, ignoreCase: true, out var permission)
        && (rule.Allow & permission) == permission;
}
