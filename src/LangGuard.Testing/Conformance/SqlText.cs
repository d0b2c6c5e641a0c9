using LangGuard.Data;

namespace LangGuard.Testing.Conformance;

/// <summary>Writes names and values in the language of one database.</summary>
internal sealed class SqlText(SqlDialect dialect, string defaultSchema)
{
    public SqlDialect Dialect { get; } = dialect;

    /// <summary>The table as statements usually name it.</summary>
    public string Name(SqlTable table) =>
        string.Equals(table.Schema, defaultSchema, StringComparison.OrdinalIgnoreCase) ? Quote(table.Name) : Qualified(table);

    public string Qualified(SqlTable table) => $"{Quote(table.Schema)}.{Quote(table.Name)}";

    public string Columns(IEnumerable<string> columns) => string.Join(", ", columns.Select(Quote));

    public string Quote(string name) => Dialect switch
    {
        SqlDialect.MySql => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`",
        SqlDialect.TSql => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]",
        _ => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
    };

    public string Literal(string value) => Dialect switch
    {
        SqlDialect.MySql => $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'",
        SqlDialect.TSql => $"N'{value.Replace("'", "''", StringComparison.Ordinal)}'",
        _ => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'",
    };

    /// <summary>That a column holds this very value, letter by letter whatever the collation.</summary>
    public string Is(string column, string value) => Dialect switch
    {
        SqlDialect.MySql => $"CAST({AsText(column)} AS binary) = {Literal(value)}",
        SqlDialect.TSql => $"{AsText(column)} COLLATE Latin1_General_BIN2 = {Literal(value)}",
        _ => $"{AsText(column)} = {Literal(value)}",
    };

    /// <summary>A quoted column as a text.</summary>
    public string AsText(string column) => Dialect switch
    {
        SqlDialect.MySql => $"CAST({Quote(column)} AS char)",
        SqlDialect.TSql => $"CAST({Quote(column)} AS nvarchar(4000))",
        _ => $"CAST({Quote(column)} AS text)",
    };
}
