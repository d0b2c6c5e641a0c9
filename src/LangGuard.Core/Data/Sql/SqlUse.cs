namespace LangGuard.Data;

/// <summary>What a statement does with a table or a column.</summary>
[Flags]
internal enum SqlUse : byte
{
    None = 0,

    /// <summary>Its content is read, counted, compared or joined.</summary>
    Select = 1,

    Insert = 2,

    Update = 4,

    Delete = 8,

    /// <summary>Everything that changes data.</summary>
    Change = Insert | Update | Delete,
}
