namespace LangGuard;

/// <summary>The verbs of the file surface.</summary>
[Flags]
public enum FilePermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>See that a name exists, its attributes, and the entries of a directory.</summary>
    List = 1,

    /// <summary>Read content.</summary>
    Read = 2,

    /// <summary>Create a file or directory that does not exist.</summary>
    Create = 4,

    /// <summary>Change the content or attributes of what exists.</summary>
    Modify = 8,

    /// <summary>Delete, or overwrite by a move.</summary>
    Delete = 16,

    /// <summary>Create links.</summary>
    Link = 32,
}
