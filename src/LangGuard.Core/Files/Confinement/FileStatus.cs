namespace LangGuard.Files;

/// <summary>The outcome of a step in the resolver. Errors are values; exceptions start at the edge of the public API.</summary>
internal enum FileStatus : byte
{
    Ok = 0,
    NotFound,
    NotDirectory,
    IsDirectory,
    Exists,
    NotEmpty,
    NoAccess,
    Outside,
    TooManyLinks,
    NameTooLong,
    Special,
    InUse,
    CrossDevice,
    NoSpace,
    ReadOnlyMedium,
    NotSupported,
    TooManyOpen,
    Busy,

    /// <summary>The name changed under our hands too often.</summary>
    Unstable,

    /// <summary>It is mounted beneath a root that takes nothing from other mounts.</summary>
    OtherMount,
    Invalid,
    Failed,
}
