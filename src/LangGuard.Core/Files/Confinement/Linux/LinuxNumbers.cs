using System.Runtime.InteropServices;

namespace LangGuard.Files;

/// <summary>System call numbers. openat2 has one number everywhere; the others differ between x64 and arm64.</summary>
internal static class LinuxNumbers
{
    public static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Gets whether this process runs on a Linux whose numbers are known; elsewhere the portable backend serves.</summary>
    public static bool AreKnown { get; } = OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static readonly nint OpenAt2 = 437;
    public static readonly nint OpenAt = IsArm ? 56 : 257;
    public static readonly nint FileStat = IsArm ? 80 : 5;
    public static readonly nint StatAt = IsArm ? 79 : 262;
    public static readonly nint ExtendedStat = IsArm ? 291 : 332;
    public static readonly nint UnlinkAt = IsArm ? 35 : 263;
    public static readonly nint MakeDirectoryAt = IsArm ? 34 : 258;
    public static readonly nint RenameAt2 = IsArm ? 276 : 316;
    public static readonly nint SymbolicLinkAt = IsArm ? 36 : 266;
    public static readonly nint LinkAt = IsArm ? 37 : 265;
    public static readonly nint ReadLinkAt = IsArm ? 78 : 267;
    public static readonly nint ReadDirectory = IsArm ? 61 : 217;
}
