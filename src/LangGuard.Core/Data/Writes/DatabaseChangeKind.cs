namespace LangGuard.Data;

/// <summary>What a change did to rows.</summary>
public enum DatabaseChangeKind
{
    /// <summary>New rows; with ON CONFLICT DO UPDATE also changed ones.</summary>
    Insert = 1,

    /// <summary>Rows were changed.</summary>
    Update,

    /// <summary>Rows were removed.</summary>
    Delete,
}
