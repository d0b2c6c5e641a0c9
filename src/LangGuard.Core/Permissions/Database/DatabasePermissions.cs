namespace LangGuard.Permissions;

/// <summary>The verbs of the database surface.</summary>
[Flags]
internal enum DatabasePermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read rows, in any position of a statement.</summary>
    Select = 1,

    /// <summary>Add rows.</summary>
    Insert = 2,

    /// <summary>Change rows.</summary>
    Update = 4,

    /// <summary>Remove rows.</summary>
    Delete = 8,
}
