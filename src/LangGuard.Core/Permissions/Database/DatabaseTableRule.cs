using System.Collections.Frozen;
using LangGuard.Data;

namespace LangGuard.Permissions;

/// <summary>One table of a scope, compiled.</summary>
internal sealed class DatabaseTableRule
{
    private readonly FrozenSet<string> _denied;
    private readonly FrozenSet<string> _masked;
    private readonly FrozenSet<string> _hashed;
    private readonly KeyValuePair<string, string>[] _rows;

    internal DatabaseTableRule(string name, DatabaseTableOptions options)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        Schema = dot < 0 ? null : name[..dot];
        Name = name[(dot + 1)..];
        Allow = options.Allow;
        _denied = options.DenyColumns.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _masked = options.MaskColumns.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _hashed = options.HashColumns.Except(options.MaskColumns, StringComparer.OrdinalIgnoreCase)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _rows = [.. options.Rows];
    }

    /// <summary>The schema, or null for the default one.</summary>
    internal string? Schema { get; }

    internal string Name { get; }

    internal DatabasePermissions Allow { get; }

    internal bool HasDeniedColumns => _denied.Count > 0;

    /// <summary>Whether statements have to be rewritten to be confined.</summary>
    internal bool IsConfined => _masked.Count > 0 || _hashed.Count > 0 || _rows.Length > 0;

    internal bool HasRowFilter => _rows.Length > 0;

    internal bool Denies(string column) => _denied.Contains(column);

    internal bool Hides(string column) => _denied.Contains(column) || _masked.Contains(column);

    internal bool IsFor(string schema, string defaultSchema) =>
        string.Equals(Schema ?? defaultSchema, schema, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a use of the table is denied, or null.</summary>
    internal Reason? Check(SqlTableUse use, Principal principal)
    {
        var table = use.Table!;

        // Where names differ only in case, only the exact spelling says which table is meant.
        if (((DatabasePermissions)use.Use & ~Allow) != 0
            || (!table.IsNameUnique && !string.Equals(Name, table.Name, StringComparison.Ordinal)))
        {
            return DatabaseReasons.Table;
        }

        if (!HasDeniedColumns && !IsConfined)
        {
            return null;
        }

        // A row id may be a column by another name; the columns of a catalog are not known.
        if (use.UsesSystemColumns || table.IsCatalog)
        {
            return DatabaseReasons.Column;
        }

        var known = 0;
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (_denied.Contains(table.Columns[i]))
            {
                known++;
                if (use.ColumnUse(i) != SqlUse.None)
                {
                    return DatabaseReasons.Column;
                }
            }

            known += _masked.Contains(table.Columns[i]) || _hashed.Contains(table.Columns[i]) ? 1 : 0;
        }

        if (known < _denied.Count + _masked.Count + _hashed.Count)
        {
            return DatabaseReasons.MissingColumn;
        }

        foreach (var (column, value) in _rows)
        {
            if (FindColumn(table, column) is null)
            {
                return DatabaseReasons.MissingColumn;
            }

            if (DatabaseRowValue.Of(principal, value) is null)
            {
                return DatabaseReasons.NoRowValue;
            }
        }

        return null;
    }

    /// <summary>Adds what confines the table to its lists.</summary>
    internal void Confine(SqlTable table, Principal principal, List<SqlRowFilter> filters, List<string> masked, List<string> hashed)
    {
        foreach (var (column, value) in _rows)
        {
            // The layer has denied a principal without the value; a filter that matches nothing stands in case it has not.
            filters.Add(new SqlRowFilter(
                FindColumn(table, column) ?? column, DatabaseRowValue.Of(principal, value) ?? string.Empty));
        }

        foreach (var column in table.Columns)
        {
            if (_masked.Contains(column))
            {
                masked.Add(column);
            }
            else if (_hashed.Contains(column))
            {
                hashed.Add(column);
            }
        }
    }

    private static string? FindColumn(SqlTable table, string column)
    {
        foreach (var known in table.Columns)
        {
            if (string.Equals(known, column, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return null;
    }
}
