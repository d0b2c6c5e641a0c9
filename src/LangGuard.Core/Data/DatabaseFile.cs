#pragma warning disable RS0030 // Looks only at files that the host named; nothing of an agent's leads here.
namespace LangGuard.Data;

/// <summary>The file of an engine that has no server, as the rest of the machine sees it. Modes are those of Unix.</summary>
internal static class DatabaseFile
{
    internal static bool Exists(string path) => File.Exists(path);

    /// <summary>Adds what the group and others may do to a file, where it exists.</summary>
    /// <param name="findings">The list.</param>
    /// <param name="path">The absolute path.</param>
    /// <param name="name">What to call it.</param>
    internal static void AddModes(List<CredentialFinding> findings, string path, string name)
    {
        if (ModeOf(path) is { } mode)
        {
            AddWriters(findings, mode, name);
            if ((mode & UnixFileMode.OtherRead) != 0 && !IsFolderClosed(path))
            {
                findings.Add(new CredentialFinding("READ by others", name, "chmod o-r"));
            }
        }
    }

    /// <summary>Adds who may put files of their own beside the file, such as a journal or a log that the engine believes when it is
    /// opened next.</summary>
    internal static void AddFolderModes(List<CredentialFinding> findings, string path)
    {
        if (ModeOf(Path.GetDirectoryName(path)!) is { } folder)
        {
            AddWriters(findings, folder, "the folder");
        }
    }

    private static void AddWriters(List<CredentialFinding> findings, UnixFileMode mode, string name)
    {
        if ((mode & UnixFileMode.GroupWrite) != 0)
        {
            findings.Add(new CredentialFinding("WRITE by the group", name, "chmod g-w"));
        }

        if ((mode & UnixFileMode.OtherWrite) != 0)
        {
            findings.Add(new CredentialFinding("WRITE by others", name, "chmod o-w"));
        }
    }

    /// <summary>The mode behind links, or null where there is none.</summary>
    private static UnixFileMode? ModeOf(string path)
    {
        if (OperatingSystem.IsWindows() || !(File.Exists(path) || Directory.Exists(path)))
        {
            return null;
        }

        return File.GetUnixFileMode(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
    }

    /// <summary>Whether others can not even enter the folder, so that modes inside do not matter for them.</summary>
    private static bool IsFolderClosed(string path) =>
        ModeOf(Path.GetDirectoryName(path)!) is { } mode && (mode & UnixFileMode.OtherExecute) == 0;
}
