namespace LangGuard.Data;

/// <summary>A name that WITH binds.</summary>
internal sealed class SqlCommonTable(string name, IReadOnlyList<string>? columns)
{
    internal string Name { get; } = name;

    /// <summary>The columns; null while they are not known yet.</summary>
    internal IReadOnlyList<string>? Columns { get; set; } = columns;

    internal bool IsOpaque { get; set; }

    /// <summary>How many values its largest one is joined from.</summary>
    internal long Growth { get; set; } = 1;

    /// <summary>How deep the parts of its own query stand while they are read; otherwise -1.</summary>
    internal int Level { get; set; } = -1;

    /// <summary>Whether its own query reads it.</summary>
    internal bool IsRead { get; set; }

    /// <summary>Whether a query inside its own one reads it.</summary>
    internal bool IsReadInside { get; set; }
}
