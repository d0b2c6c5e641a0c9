using System.Runtime.InteropServices;

namespace LangGuard.Files;

/// <summary>Turns error numbers, which are the same on x64 and arm64, into outcomes.</summary>
internal static class LinuxErrors
{
    public const int NoPermission = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int CrossDevice = 18;
    public const int Invalid = 22;
    public const int NotImplemented = 38;
    public const int Loop = 40;

    public static FileStatus Last() => ToStatus(Marshal.GetLastPInvokeError());

    public static FileStatus ToStatus(int error) => error switch
    {
        0 => FileStatus.Ok,
        1 or 13 => FileStatus.NoAccess,
        2 => FileStatus.NotFound,
        6 => FileStatus.Special,
        11 or 26 => FileStatus.InUse,
        16 => FileStatus.Busy,
        17 => FileStatus.Exists,
        18 => FileStatus.CrossDevice,
        20 => FileStatus.NotDirectory,
        21 => FileStatus.IsDirectory,
        22 => FileStatus.Invalid,
        23 or 24 => FileStatus.TooManyOpen,
        27 or 28 or 122 => FileStatus.NoSpace,
        30 => FileStatus.ReadOnlyMedium,
        36 => FileStatus.NameTooLong,
        38 or 95 => FileStatus.NotSupported,
        39 => FileStatus.NotEmpty,
        40 => FileStatus.TooManyLinks,
        _ => FileStatus.Failed,
    };
}
