using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using LangGuard.Permissions;

namespace LangGuard.DuckDb;

/// <summary>Writes the script that makes the least file for a policy: DuckDB has no rights, so what the agent may not see must not
/// be in its file.</summary>
public static class DuckDbExtractScript
{
    /// <summary>Writes the script. Run it on the whole database, for instance with the engine's command line: it makes a file of the
    /// granted tables and rows. Columns that the policy denies or masks are there, and empty.</summary>
    /// <param name="path">The absolute path of the whole database; it is only read.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="target">The absolute path of the file that the script makes; it must not exist yet.</param>
    /// <param name="principal">On whose behalf the agent works, where the policy filters rows by a value of the principal.</param>
    /// <exception cref="ArgumentException">The policy names no such database, or filters rows by a value that the principal has
    /// not.</exception>
    /// <remarks>Granted views become tables with the rows of now, and granted macros are copied. Where a table may be changed it
    /// gets its key and its NOT NULL; other constraints, indexes and default values are not copied.</remarks>
    public static string Create(string path, Policy policy, string database, string target, Principal? principal = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        var options = DatabaseOptions.Of(policy, database);
        var settings = new DuckDbSettings(Path.GetFullPath(path), writes: false, isLocked: true, megabytes: 256, threads: 1);
        using var connection = new DuckDBConnection(settings.ConnectionString);
        connection.Open();
        settings.Verify(connection);
        return Write(connection, options, target, principal);
    }

    private static string Write(DuckDBConnection connection, DatabaseOptions options, string target, Principal? principal)
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"ATTACH {DuckDbText.Literal(target)} AS langguard_extract;\n");
        var tables = new List<(string Schema, string Name, List<(string Name, string Type, bool IsRequired)> Columns)>();
        DuckDbSchemaReader.Each(
            connection,
            """
            SELECT schema_name, table_name, column_name, data_type, NOT is_nullable FROM duckdb_columns()
            WHERE NOT internal AND database_name = current_database() ORDER BY schema_name, table_name, column_index
            """,
            row =>
            {
                if (tables.Count == 0 || tables[^1].Schema != row.GetString(0) || tables[^1].Name != row.GetString(1))
                {
                    tables.Add((row.GetString(0), row.GetString(1), []));
                }

                tables[^1].Columns.Add((row.GetString(2), row.GetString(3), row.GetBoolean(4)));
            });
        var keys = KeysOf(connection);
        WriteTypes(connection, script);
        foreach (var (schema, name, columns) in tables)
        {
            if (DuckDbPolicy.Find(options, schema, name) is { } rule)
            {
                script.Append(CultureInfo.InvariantCulture, $"CREATE SCHEMA IF NOT EXISTS langguard_extract.{DuckDbText.Quote(schema)};\n");
                WriteTable(script, schema, name, columns, rule, keys.GetValueOrDefault((schema, name), []));
                WriteRows(script, schema, name, columns, rule, principal);
            }
        }

        WriteMacros(connection, options, script);
        return script.Append("DETACH langguard_extract;\n").ToString();
    }

    private static void WriteTable(
        StringBuilder script, string schema, string name, List<(string Name, string Type, bool IsRequired)> columns, DatabaseTableOptions rule,
        List<string> key)
    {
        var isChanged = (rule.Allow & ~DatabasePermissions.Select) != 0;
        var lines = columns.Select(column =>
            $"{DuckDbText.Quote(column.Name)} {column.Type}{(isChanged && column.IsRequired && !IsHidden(rule, column.Name) ? " NOT NULL" : string.Empty)}");
        if (isChanged && key.Count > 0 && !key.Exists(column => IsHidden(rule, column)))
        {
            lines = lines.Append($"PRIMARY KEY ({string.Join(", ", key.Select(DuckDbText.Quote))})");
        }

        script.Append(CultureInfo.InvariantCulture, $"CREATE TABLE langguard_extract.{Place(schema, name)} ({string.Join(", ", lines)});\n");
    }

    private static void WriteRows(
        StringBuilder script, string schema, string name, List<(string Name, string Type, bool IsRequired)> columns, DatabaseTableOptions rule,
        Principal? principal)
    {
        var values = columns.Select(column => IsHidden(rule, column.Name) ? "NULL" : DuckDbText.Quote(column.Name));
        script.Append(CultureInfo.InvariantCulture,
            $"INSERT INTO langguard_extract.{Place(schema, name)} SELECT {string.Join(", ", values)} FROM {Place(schema, name)}");
        var separator = " WHERE ";
        foreach (var (column, value) in rule.Rows)
        {
            var found = principal is null ? null : DatabaseRowValue.Of(principal, value);
            script.Append(separator).Append(CultureInfo.InvariantCulture, $"CAST({DuckDbText.Quote(column)} AS VARCHAR) = {DuckDbText.Literal(found
                ?? throw new ArgumentException($"The rows of '{name}' depend on the principal's {value}, which it has not.", nameof(principal)))}");
            separator = " AND ";
        }

        script.Append(";\n");
    }

    /// <summary>Types of the database's own, in which columns may be kept.</summary>
    private static void WriteTypes(DuckDBConnection connection, StringBuilder script) => DuckDbSchemaReader.Each(
        connection,
        """
        SELECT schema_name, type_name, logical_type, labels FROM duckdb_types()
        WHERE NOT internal AND database_name = current_database() AND logical_type = 'ENUM' ORDER BY type_oid
        """,
        row =>
        {
            var labels = row.GetFieldValue<List<string>>(3);
            script.Append(CultureInfo.InvariantCulture, $"CREATE SCHEMA IF NOT EXISTS langguard_extract.{DuckDbText.Quote(row.GetString(0))};\n");
            script.Append(CultureInfo.InvariantCulture,
                $"CREATE TYPE langguard_extract.{Place(row.GetString(0), row.GetString(1))} AS ENUM ({string.Join(", ", labels.Select(DuckDbText.Literal))});\n");
        });

    private static void WriteMacros(DuckDBConnection connection, DatabaseOptions options, StringBuilder script) => DuckDbSchemaReader.Each(
        connection,
        """
        SELECT schema_name, function_name, parameters, macro_definition FROM duckdb_functions()
        WHERE NOT internal AND database_name = current_database() AND function_type = 'macro' ORDER BY function_oid
        """,
        row =>
        {
            var name = row.GetString(1);
            if (options.Functions.Any(granted => string.Equals(granted[(granted.LastIndexOf('.') + 1)..], name, StringComparison.OrdinalIgnoreCase)))
            {
                script.Append(CultureInfo.InvariantCulture,
                    $"CREATE MACRO langguard_extract.{Place(row.GetString(0), name)}({string.Join(", ", row.GetFieldValue<List<string>>(2).Select(DuckDbText.Quote))}) AS {row.GetString(3)};\n");
            }
        });

    private static Dictionary<(string Schema, string Table), List<string>> KeysOf(DuckDBConnection connection)
    {
        var keys = new Dictionary<(string, string), List<string>>();
        DuckDbSchemaReader.Each(
            connection,
            """
            SELECT schema_name, table_name, constraint_column_names FROM duckdb_constraints()
            WHERE database_name = current_database() AND constraint_type = 'PRIMARY KEY'
            """,
            row => keys[(row.GetString(0), row.GetString(1))] = row.GetFieldValue<List<string>>(2));
        return keys;
    }

    private static bool IsHidden(DatabaseTableOptions rule, string column) =>
        rule.DenyColumns.Concat(rule.MaskColumns).Contains(column, StringComparer.OrdinalIgnoreCase);

    private static string Place(string schema, string name) => $"{DuckDbText.Quote(schema)}.{DuckDbText.Quote(name)}";
}
