using System.Text.Json;
using LangGuard.Data;

namespace LangGuard.Replay;

/// <summary>Databases: the verbs on each table, without the columns that nobody used.</summary>
internal static partial class LearnedPolicy
{
    private static void WriteDatabases(Utf8JsonWriter writer, IEnumerable<DatabaseOperation> operations)
    {
        var databases = operations.GroupBy(operation => operation.Database, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (databases.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("Database");
        foreach (var database in databases)
        {
            writer.WriteStartObject(database.Key);
            WriteTables(writer, database);
            WriteNames(writer, "Functions", database.SelectMany(operation => operation.Facts?.Functions ?? [])
                .Where(function => !function.IsBuiltIn).Select(function => function.Schema is null ? function.Name : $"{function.Schema}.{function.Name}"));
            var migrations = database.Where(operation => operation.Migration is not null)
                .DistinctBy(operation => operation.Migration, StringComparer.Ordinal).OrderBy(operation => operation.Migration, StringComparer.Ordinal).ToList();
            if (migrations.Count > 0)
            {
                writer.WriteStartObject("Migrations");
                migrations.ForEach(operation => writer.WriteString(operation.Migration!, operation.Statement));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteTables(Utf8JsonWriter writer, IEnumerable<DatabaseOperation> operations)
    {
        writer.WriteStartObject("Tables");
        var uses = operations.Where(operation => operation.Facts is not null)
            .SelectMany(operation => operation.Facts!.Tables.Select(use => (Name: NameOf(use, operation.DefaultSchema), Use: use)));
        foreach (var table in uses.GroupBy(use => use.Name, use => use.Use, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(table.Key);
            var verbs = table.Aggregate(SqlUse.None, (all, use) => all | use.Use);
            writer.WriteString("Allow", verbs.ToString());
            var used = table.SelectMany(use => use.Columns).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
            WriteNames(writer, "DenyColumns", (table.First().Table?.Columns ?? []).Where(column => !used.Contains(column)));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string NameOf(SqlTableUse use, string defaultSchema) =>
        (use.Table?.Schema ?? use.Schema) is { } schema && !string.Equals(schema, defaultSchema, StringComparison.Ordinal)
            ? $"{schema}.{use.Table?.Name ?? use.Name}"
            : use.Table?.Name ?? use.Name;

    private static void WriteNames(Utf8JsonWriter writer, string key, IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            writer.WriteStartArray(key);
            all.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }
    }
}
