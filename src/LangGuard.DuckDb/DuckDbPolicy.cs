using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>Reads a policy for a DuckDB file.</summary>
internal static class DuckDbPolicy
{
    internal static DatabaseOptions Database(Policy policy, string database)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        return policy.Options.LimitPermissions.Database.TryGetValue(database, out var options)
            ? options
            : throw new ArgumentException($"The policy grants no database '{database}'.", nameof(database));
    }

    internal static DatabaseTableOptions? Find(DatabaseOptions options, string schema, string table) =>
        options.Tables.FirstOrDefault(entry =>
            string.Equals(entry.Key, $"{schema}.{table}", StringComparison.OrdinalIgnoreCase)
            || (string.Equals(schema, DuckDbSchemaReader.DefaultSchema, StringComparison.OrdinalIgnoreCase)
                && string.Equals(entry.Key, table, StringComparison.OrdinalIgnoreCase))).Value;
}
