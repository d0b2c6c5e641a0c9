namespace LangGuard.Permissions;

/// <summary>What an agent may do with one table or view.</summary>
public sealed class DatabaseTableOptions
{
    /// <summary>The verbs. Default: none.</summary>
    public DatabasePermissions Allow { get; set; }

    /// <summary>Columns that no statement may use in any position. Default: none.</summary>
    public ISet<string> DenyColumns { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
