namespace LangGuard.Files;

/// <summary>The portable backend's calls on Linux: one name at a time, without following a link in its last part.</summary>
internal static unsafe class LinuxByName
{
    public static FileStatus Stat(string path, out FileFacts facts)
    {
        facts = default;
        int capacity = Utf8Name.Capacity(path);
        byte* text = stackalloc byte[capacity];
        return Utf8Name.TryWrite(path, text, capacity)
            ? LinuxStat.OfName(LinuxCalls.AtCurrentDirectory, text, out facts)
            : FileStatus.Invalid;
    }

    public static FileStatus Open(
        string path, string name, FileAim aim, UnixFileMode? create, out ConfinedFile? file, out string? truePath)
    {
        file = null;
        truePath = null;
        int capacity = Utf8Name.Capacity(path);
        byte* text = stackalloc byte[capacity];
        if (!Utf8Name.TryWrite(path, text, capacity))
        {
            return FileStatus.Invalid;
        }

        int flags = LinuxFile.FlagsFor(aim) | LinuxCalls.NoFollow;
        if (create is not null)
        {
            flags |= LinuxCalls.Create | LinuxCalls.Exclusive;
        }

        int descriptor = LinuxCalls.OpenAt(LinuxCalls.AtCurrentDirectory, text, flags, (uint)(create ?? 0));
        if (descriptor < 0)
        {
            return LinuxErrors.Last();
        }

        FileStatus read = LinuxDirectory.ReadLink(
            LinuxCalls.AtCurrentDirectory,
            $"/proc/self/fd/{descriptor.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
            out string found);
        truePath = read == FileStatus.Ok ? found : string.Empty;
        return LinuxFile.Adopt(descriptor, name, aim == FileAim.Facts, out file);
    }
}
