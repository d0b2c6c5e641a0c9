namespace LangGuard.Permissions;

/// <summary>What an agent may do with one table or view.</summary>
internal sealed class DatabaseTableOptions
{
    /// <summary>The verbs. Default: none.</summary>
    public DatabasePermissions Allow { get; set; }

    /// <summary>Columns that no statement may use in any position. Default: none.</summary>
    public ISet<string> DenyColumns { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns whose values no statement sees: they read as NULL in every position. Default: none.</summary>
    public ISet<string> MaskColumns { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that read as a keyed hash of their value: equal values stay equal, so that a statement can group and
    /// join by them. Default: none.</summary>
    public ISet<string> HashColumns { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which rows: columns, each with the value of the session's principal that it must equal: <c>tenant</c>,
    /// <c>user</c>, or <c>claim:NAME</c>. A principal without that value may use no row. Default: all rows.</summary>
    public IDictionary<string, string> Rows { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
