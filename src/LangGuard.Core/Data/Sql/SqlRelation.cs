using System.Text;

namespace LangGuard.Data;

/// <summary>One item of FROM while a statement is read: a table, a query, a WITH name or a function.</summary>
internal sealed class SqlRelation
{
    private bool? _hasOtherLetters;
    private bool? _hasUnnamed;

    /// <summary>The name by which columns are qualified, or null when there is none.</summary>
    internal required string? Alias { get; init; }

    /// <summary>The table behind it, or null for anything else.</summary>
    internal SqlTableUse? Use { get; init; }

    /// <summary>Whether the alias is the table's own name, so that it may be qualified by its schema.</summary>
    internal bool IsPlain { get; init; }

    /// <summary>The names of the columns; null for a table without column aliases, which knows its own.</summary>
    internal IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether there may be columns that are not known.</summary>
    internal bool IsOpaque { get; init; }

    /// <summary>Columns that USING or NATURAL made one with a column further left: a star does not repeat them.</summary>
    internal List<string>? Merged { get; set; }

    /// <summary>How many columns at the end a star does not show.</summary>
    internal int HiddenColumns { get; init; }

    /// <summary>Whether it only decides which rows of another one are shown: outside the join its columns are not seen.</summary>
    internal bool IsFilter { get; set; }

    /// <summary>Whether a column's name has letters besides A to Z.</summary>
    internal bool HasOtherLetters => _hasOtherLetters ??= KnownColumns.Any(column => !Ascii.IsValid(column));

    /// <summary>Whether a name that is not among the columns may be one.</summary>
    internal bool MayHoldOthers => IsOpaque || (Columns is not null && (_hasUnnamed ??= Columns.Contains(SqlOutputColumn.Unnamed)));

    internal IReadOnlyList<string> KnownColumns => Columns ?? Use?.Table?.Columns ?? [];

    internal int IndexOf(ReadOnlySpan<char> column)
    {
        if (Columns is null)
        {
            return Use?.Table?.IndexOf(column) ?? -1;
        }

        for (var i = 0; i < Columns.Count; i++)
        {
            if (column.SequenceEqual(Columns[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Records that a column is read.</summary>
    internal void Read(int index)
    {
        if (Use is not null)
        {
            // Column aliases may be more than the table's columns only by mistake.
            if (Use.Table is { } table && index < table.Columns.Count)
            {
                Use.AddColumn(index, SqlUse.Select);
            }
            else
            {
                Use.AddAllColumns(SqlUse.Select);
            }
        }
    }

    internal void ReadAll() => Use?.AddAllColumns(SqlUse.Select);
}
