using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>Reads a policy for a DuckDB file.</summary>
internal static class DuckDbPolicy
{
    internal static DatabaseTableOptions? Find(DatabaseOptions options, string schema, string table) =>
        options.Tables.FirstOrDefault(entry =>
            string.Equals(entry.Key, $"{schema}.{table}", StringComparison.OrdinalIgnoreCase)
            || (string.Equals(schema, DuckDbSchemaReader.DefaultSchema, StringComparison.OrdinalIgnoreCase)
                && string.Equals(entry.Key, table, StringComparison.OrdinalIgnoreCase))).Value;
}
