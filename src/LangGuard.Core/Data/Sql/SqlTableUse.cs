namespace LangGuard.Data;

/// <summary>A table or view that a statement uses, and what it does with each of its columns.</summary>
internal sealed class SqlTableUse
{
    private readonly SqlUse[] _columns;

    internal SqlTableUse(string? schema, string name, SqlTable? table)
    {
        Schema = schema;
        Name = name;
        Table = table;
        _columns = table is null ? [] : new SqlUse[table.Columns.Count];
    }

    /// <summary>The schema as written, or the resolved table's.</summary>
    internal string? Schema { get; }

    internal string Name { get; }

    /// <summary>The table in the snapshot, or null when there is none of that name.</summary>
    internal SqlTable? Table { get; }

    /// <summary>Everything that the statement does with the table.</summary>
    internal SqlUse Use { get; private set; }

    /// <summary>Whether it reads what no column list shows: a row id, a row version, the table's own number.</summary>
    internal bool UsesSystemColumns { get; private set; }

    /// <summary>What the statement does with a column, by its index in the table.</summary>
    internal SqlUse ColumnUse(int index) => _columns[index];

    /// <summary>The columns that the statement uses.</summary>
    internal IEnumerable<(string Name, SqlUse Use)> Columns
    {
        get
        {
            for (var i = 0; i < _columns.Length; i++)
            {
                if (_columns[i] != SqlUse.None)
                {
                    yield return (Table!.Columns[i], _columns[i]);
                }
            }
        }
    }

    internal void Add(SqlUse use) => Use |= use;

    internal void AddColumn(int index, SqlUse use)
    {
        Use |= use;
        _columns[index] |= use;
    }

    internal void AddAllColumns(SqlUse use)
    {
        Use |= use;
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i] |= use;
        }
    }

    internal void AddSystemColumn()
    {
        Use |= SqlUse.Select;
        UsesSystemColumns = true;
    }

    public override string ToString() => $"{(Table is null ? Name : Table.ToString())} {Use}";
}
