namespace LangGuard.Data;

/// <summary>Whether a name may mean a column of the result list of its query.</summary>
internal enum SqlAliasRule : byte
{
    No = 0,

    /// <summary>When no column of FROM has the name.</summary>
    AfterColumns,

    /// <summary>Before the columns of FROM.</summary>
    BeforeColumns,

    /// <summary>Either may be meant: both count.</summary>
    Both,
}
