namespace LangGuard.Data;

/// <summary>A name that WITH binds.</summary>
internal sealed class SqlCommonTable(string name, IReadOnlyList<string>? columns)
{
    internal string Name { get; } = name;

    /// <summary>The columns; null while they are not known yet.</summary>
    internal IReadOnlyList<string>? Columns { get; set; } = columns;

    internal bool IsOpaque { get; set; }
}
