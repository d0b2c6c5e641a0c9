namespace LangGuard.Files;

/// <summary>Tells mounts apart. A bind mount shows the same device, so the device alone does not tell.</summary>
internal static unsafe class LinuxMounts
{
    private const uint MountIdentity = 0x1000;
    private const int Size = 256;

    /// <summary>The mount that an open object is on; its device where the kernel does not tell mounts; 0 when it tells nothing.</summary>
    public static ulong Of(int descriptor)
    {
        byte* buffer = stackalloc byte[Size];
        byte empty = 0;
        if (LinuxCalls.ExtendedStat(descriptor, &empty, LinuxCalls.AtEmptyPath, MountIdentity, buffer) == 0
            && (*(uint*)buffer & MountIdentity) != 0)
        {
            return *(ulong*)(buffer + 144);
        }

        return LinuxStat.OfDescriptor(descriptor, out FileFacts facts) == FileStatus.Ok ? facts.Identity.Device : 0;
    }

    /// <summary>Whether an object may be used: 0 allows every mount.</summary>
    public static bool Allows(ulong only, int descriptor) => only == 0 || Of(descriptor) == only;
}
