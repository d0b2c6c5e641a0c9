namespace LangGuard.Permissions;

/// <summary>What to do with a file that has more than one name.</summary>
internal enum HardLinkRule
{
    /// <summary>Count the names inside the root: one that is outside, or denied, makes the file unreadable and unwritable.</summary>
    Census = 0,

    /// <summary>Deny every file that has more than one name.</summary>
    Deny = 1,

    /// <summary>Do not look.</summary>
    Unguarded = 2,
}
