using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>What the journal remembers of a file at one moment.</summary>
/// <param name="Kind">What it is; missing for nothing.</param>
/// <param name="Identity">Which inode.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="WriteTicks">When it was written last.</param>
/// <param name="Hash">SHA-256 of its content, where it was read; the text of a link.</param>
internal readonly record struct FileState(
    FileKind Kind, FileIdentity Identity, long Length, UnixFileMode Mode, long WriteTicks, string Hash)
{
    internal static FileState Of(in FileFacts facts, string hash = "") =>
        new(facts.Kind, facts.Identity, facts.Length, facts.Mode, facts.LastWriteTicks, hash);

    /// <summary>Whether somebody else has changed it since: compares the content where its hash is known.</summary>
    internal bool IsStill(in FileFacts now, string hash) =>
        now.Kind == Kind && now.Identity == Identity && now.Length == Length
        && (Hash.Length == 0 ? now.LastWriteTicks == WriteTicks : string.Equals(Hash, hash, StringComparison.Ordinal));
}
