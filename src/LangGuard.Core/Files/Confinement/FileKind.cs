namespace LangGuard.Files;

/// <summary>What stands behind a name.</summary>
internal enum FileKind : byte
{
    Missing = 0,
    File,
    Directory,
    Link,

    /// <summary>A pipe, socket or device: never opened.</summary>
    Special,
}
