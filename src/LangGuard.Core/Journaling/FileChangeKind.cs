namespace LangGuard;

/// <summary>What was done to a file or directory.</summary>
public enum FileChangeKind
{
    /// <summary>A new file.</summary>
    Create = 1,

    /// <summary>The whole content was replaced.</summary>
    Overwrite,

    /// <summary>Content was added at the end.</summary>
    Append,

    /// <summary>Content was changed in place.</summary>
    Modify,

    /// <summary>A file or link was deleted.</summary>
    Delete,

    /// <summary>A directory was deleted.</summary>
    DeleteDirectory,

    /// <summary>A name became another; a file that had the new name is kept.</summary>
    Move,

    /// <summary>A new directory.</summary>
    CreateDirectory,

    /// <summary>A new symbolic link.</summary>
    CreateLink,

    /// <summary>Mode or times were changed.</summary>
    ChangeAttributes,
}
