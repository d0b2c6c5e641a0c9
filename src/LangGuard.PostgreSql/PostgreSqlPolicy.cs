using LangGuard.Permissions;

namespace LangGuard.PostgreSql;

/// <summary>Reads a policy in the words of PostgreSQL.</summary>
internal static class PostgreSqlPolicy
{
    internal static DatabaseTableOptions? Find(DatabaseOptions options, string schema, string table) =>
        options.Tables.TryGetValue($"{schema}.{table}", out var found)
        || (schema == "public" && options.Tables.TryGetValue(table, out found))
            ? found
            : null;

    internal static bool Allows(DatabaseOptions options, string schema, string table, string right) =>
        Find(options, schema, table) is { } found
        && Enum.TryParse<DatabasePermissions>(right, ignoreCase: true, out var permission)
        && (found.Allow & permission) == permission;
}
