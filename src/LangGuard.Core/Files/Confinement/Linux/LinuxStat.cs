namespace LangGuard.Files;

/// <summary>Reads the kernel's stat record, whose first fields differ between x64 and arm64.</summary>
internal static unsafe class LinuxStat
{
    public const int Size = 144;
    private const int ExtendedSize = 256;
    private const uint KindMask = 0xF000;
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;
    private const long UnixEpochTicks = 621_355_968_000_000_000;

    public static FileStatus OfDescriptor(int descriptor, out FileFacts facts)
    {
        byte* buffer = stackalloc byte[Size];
        if (LinuxCalls.FileStat(descriptor, buffer) != 0)
        {
            facts = default;
            return LinuxErrors.Last();
        }

        facts = Parse(buffer);
        return FileStatus.Ok;
    }

    public static FileStatus OfName(int directory, byte* name, out FileFacts facts)
    {
        byte* buffer = stackalloc byte[Size];
        if (LinuxCalls.StatAt(directory, name, buffer, LinuxCalls.AtNoFollow) != 0)
        {
            facts = default;
            return LinuxErrors.Last();
        }

        facts = Parse(buffer);
        return FileStatus.Ok;
    }

    /// <summary>The creation time in ticks, or null where the file system keeps none.</summary>
    public static long? BirthTicks(int descriptor)
    {
        const uint birthTime = 0x800;
        byte* buffer = stackalloc byte[ExtendedSize];
        byte empty = 0;
        if (LinuxCalls.ExtendedStat(descriptor, &empty, LinuxCalls.AtEmptyPath, birthTime, buffer) != 0
            || (*(uint*)buffer & birthTime) == 0)
        {
            return null;
        }

        return Ticks(*(long*)(buffer + 80), *(uint*)(buffer + 88));
    }

    private static FileFacts Parse(byte* buffer)
    {
        uint mode = LinuxNumbers.IsArm ? *(uint*)(buffer + 16) : *(uint*)(buffer + 24);
        return new FileFacts
        {
            Kind = ToKind(mode),
            Mode = (UnixFileMode)(mode & 0xFFF),
            Links = LinuxNumbers.IsArm ? *(uint*)(buffer + 20) : (long)*(ulong*)(buffer + 16),
            Owner = LinuxNumbers.IsArm ? *(uint*)(buffer + 24) : *(uint*)(buffer + 28),
            Group = LinuxNumbers.IsArm ? *(uint*)(buffer + 28) : *(uint*)(buffer + 32),
            Identity = new FileIdentity(*(ulong*)buffer, *(ulong*)(buffer + 8)),
            Length = *(long*)(buffer + 48),
            Allocated = *(long*)(buffer + 64) * 512,
            LastAccessTicks = Ticks(*(long*)(buffer + 72), *(long*)(buffer + 80)),
            LastWriteTicks = Ticks(*(long*)(buffer + 88), *(long*)(buffer + 96)),
            ChangeTicks = Ticks(*(long*)(buffer + 104), *(long*)(buffer + 112)),
        };
    }

    private static FileKind ToKind(uint mode) => (mode & KindMask) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Special,
    };

    // A time outside the range of DateTime is clamped: a hostile time stamp must not become an overflow.
    private static long Ticks(long seconds, long nanoseconds)
    {
        long limit = (DateTime.MaxValue.Ticks - UnixEpochTicks) / TicksPerSecond;
        long clamped = Math.Clamp(seconds, -UnixEpochTicks / TicksPerSecond, limit - 1);
        return UnixEpochTicks + (clamped * TicksPerSecond) + (nanoseconds / 100);
    }
}
