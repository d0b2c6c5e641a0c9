namespace LangGuard.Files;

/// <summary>How strongly a root keeps names inside it, from weakest to strongest.</summary>
public enum FileConfinement
{
    /// <summary>No confinement at all. Never in force; as a minimum it accepts every grade.</summary>
    None = 0,

    /// <summary>Names are compared part by part; the file system beneath is trusted to have no links that leave it.</summary>
    Lexical = 1,

    /// <summary>A file is opened without effect and its true name is checked before a byte moves. Changes of names can be raced.</summary>
    VerifyAfterOpen = 2,

    /// <summary>Each part is opened from the handle of the one before, never following a link blindly. Free of races.</summary>
    HandleWalk = 3,

    /// <summary>The kernel resolves the whole name beneath the root's handle in one call. Free of races.</summary>
    KernelBeneath = 4,
}
