using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Testing.Conformance;

/// <summary>One database with what a policy grants of it: what the statements are derived from.</summary>
internal sealed class SqlSubject(DatabaseOptions options, SqlSchema schema, string newFile)
{
    public SqlText Text { get; } = new(schema.Dialect, schema.DefaultSchema);

    public SqlDialect Dialect => schema.Dialect;

    public DatabaseOptions Options { get; } = options;

    /// <summary>A file that no statement may make.</summary>
    public string NewFile { get; } = newFile;

    public IEnumerable<SqlTable> Tables => schema.Tables.Where(table => !table.IsCatalog && table.Columns.Count > 0);

    /// <summary>A table that an honest agent reads, or null.</summary>
    public SqlTable? Granted => Tables.FirstOrDefault(table => Allows(table, DatabasePermissions.Select) && Visible(table).Any());

    public bool Allows(SqlTable table, DatabasePermissions verb) =>
        Options.Scope!.Allows(table.Schema, table.Name, schema.DefaultSchema, verb);

    public IEnumerable<string> Denied(SqlTable table) =>
        table.Columns.Where(column => Options.Scope!.Denies(table.Schema, table.Name, schema.DefaultSchema, column));

    public IEnumerable<string> Visible(SqlTable table) => table.Columns.Except(Denied(table), StringComparer.Ordinal);

    /// <summary>Whether the policy names a function or a catalog by itself.</summary>
    public bool Grants(string name) => Options.Scope!.Names(name.AsSpan(name.LastIndexOf('.') + 1).ToString());

    /// <summary>What the policy says of a table that it names.</summary>
    public DatabaseTableOptions? Rule(SqlTable table) =>
        Options.Tables.TryGetValue($"{table.Schema}.{table.Name}", out var rule)
        || (string.Equals(table.Schema, schema.DefaultSchema, StringComparison.OrdinalIgnoreCase)
            && Options.Tables.TryGetValue(table.Name, out rule))
            ? rule
            : null;

    /// <summary>Whether an agent sees a table as it is.</summary>
    public bool IsPlain(SqlTable table) =>
        Rule(table) is { Rows.Count: 0, MaskColumns.Count: 0, HashColumns.Count: 0 };
}
