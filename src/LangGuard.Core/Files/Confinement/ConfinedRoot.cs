namespace LangGuard.Files;

/// <summary>
/// One directory that names are resolved beneath. Names are relative, '/'-separated, without empty, "." or ".." parts; the
/// empty name is the root itself. Links are followed only while they stay inside.
/// </summary>
internal abstract class ConfinedRoot : IDisposable
{
    public abstract FileConfinement Grade { get; }

    /// <summary>Opens what the name stands for, following links that stay inside.</summary>
    public abstract FileStatus Open(string name, FileAim aim, out ConfinedFile? file);

    /// <summary>
    /// Opens the directory that holds the last part of a name. With <paramref name="followLast"/> a link in the last part is
    /// followed first, so that the result is where a file would be created. The resolved name is told as far as it is known,
    /// also when the status is an error.
    /// </summary>
    public abstract FileStatus OpenParent(
        string name, bool followLast, out ConfinedDirectory? parent, out string leaf, out string resolved);

    public abstract FileStatus OpenDirectory(string name, out ConfinedDirectory? directory);

    /// <summary>Facts without opening; the last part is followed if it is a link.</summary>
    public abstract FileStatus Stat(string name, out FileFacts facts, out string resolved);

    /// <summary>
    /// The host's name of something inside, for the one platform interface that takes names only: change events. Null where
    /// there is none. Never shown to anybody.
    /// </summary>
    public abstract string? HostPathOf(string name);

    public abstract void Dispose();

    /// <summary>Whether a name consists of plain parts, as the parser makes it. The last step of an operation takes one part
    /// beneath a held directory, and there ".." would be the directory above: whoever made the name, it stops here.</summary>
    protected static bool IsPlain(string name)
    {
        int start = 0;
        for (int i = 0; i <= name.Length && name.Length > 0; i++)
        {
            if (i < name.Length && name[i] != '/')
            {
                continue;
            }

            if (name.AsSpan(start, i - start) is "" or "." or "..")
            {
                return false;
            }

            start = i + 1;
        }

        return true;
    }
}
