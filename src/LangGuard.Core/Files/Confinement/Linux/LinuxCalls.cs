using System.Runtime.InteropServices;

namespace LangGuard.Files;

/// <summary>The system calls of the resolver. All of them take a directory handle; none takes a host path except the root's own.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int AppendOnly = 0x400;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const ulong ResolveNoOtherMounts = 0x01;
    public const ulong ResolveNoMagicLinks = 0x02;
    public const ulong ResolveNoLinks = 0x04;
    public const ulong ResolveBeneath = 0x08;

    public const int AtNoFollow = 0x100;
    public const int AtRemoveDirectory = 0x200;
    public const int AtEmptyPath = 0x1000;
    public const int AtCurrentDirectory = -100;

    public const uint RenameNoReplace = 1;
    public const uint RenameExchange = 2;

    // These two differ: arm64 keeps the numbers of 32-bit ARM.
    public static readonly int DirectoryOnly = LinuxNumbers.IsArm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = LinuxNumbers.IsArm ? 0x8000 : 0x20000;

    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nint count);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int descriptor, byte* buffer, nint count, nint offset);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint WriteAt(int descriptor, byte* buffer, nint count, nint offset);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int descriptor, nint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int descriptor);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int descriptor, uint mode);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static partial int ChangeTimes(int descriptor, TimeSpec* times);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    public static partial int Allocate(int descriptor, nint offset, nint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint EffectiveGroup();

    public static int OpenBeneath(int directory, byte* path, ulong flags, ulong mode, ulong resolve)
    {
        OpenHow how = new() { Flags = flags, Mode = mode, Resolve = resolve };
        return (int)Syscall(LinuxNumbers.OpenAt2, directory, (nint)path, (nint)(&how), sizeof(OpenHow), 0);
    }

    public static int OpenAt(int directory, byte* path, int flags, uint mode) =>
        (int)Syscall(LinuxNumbers.OpenAt, directory, (nint)path, flags, (nint)mode, 0);

    public static int FileStat(int descriptor, byte* buffer) =>
        (int)Syscall(LinuxNumbers.FileStat, descriptor, (nint)buffer, 0, 0, 0);

    public static int StatAt(int directory, byte* path, byte* buffer, int flags) =>
        (int)Syscall(LinuxNumbers.StatAt, directory, (nint)path, (nint)buffer, flags, 0);

    public static int ExtendedStat(int directory, byte* path, int flags, uint mask, byte* buffer) =>
        (int)Syscall(LinuxNumbers.ExtendedStat, directory, (nint)path, flags, (nint)mask, (nint)buffer);

    public static int UnlinkAt(int directory, byte* path, int flags) =>
        (int)Syscall(LinuxNumbers.UnlinkAt, directory, (nint)path, flags, 0, 0);

    public static int MakeDirectoryAt(int directory, byte* path, uint mode) =>
        (int)Syscall(LinuxNumbers.MakeDirectoryAt, directory, (nint)path, (nint)mode, 0, 0);

    public static int RenameAt(int from, byte* path, int to, byte* target, uint flags) =>
        (int)Syscall(LinuxNumbers.RenameAt2, from, (nint)path, to, (nint)target, (nint)flags);

    public static int SymbolicLinkAt(byte* target, int directory, byte* path) =>
        (int)Syscall(LinuxNumbers.SymbolicLinkAt, (nint)target, directory, (nint)path, 0, 0);

    public static int LinkAt(int from, byte* path, int to, byte* target, int flags) =>
        (int)Syscall(LinuxNumbers.LinkAt, from, (nint)path, to, (nint)target, flags);

    public static int ReadLinkAt(int directory, byte* path, byte* buffer, int size) =>
        (int)Syscall(LinuxNumbers.ReadLinkAt, directory, (nint)path, (nint)buffer, size, 0);

    public static int ReadDirectory(int descriptor, byte* buffer, int size) =>
        (int)Syscall(LinuxNumbers.ReadDirectory, descriptor, (nint)buffer, size, 0, 0);
}
