namespace LangGuard.Journaling;

/// <summary>Why a change that the rules allow is refused by the journal.</summary>
internal static class JournalReasons
{
    internal static readonly Reason Full = new(
        "files.journal-full", "The journal has no room for what this would replace or delete, so it was not done.", Retry.Later,
        "KeepJournal(..., journal => journal.MaxBytes = ...), or commit sessions that need no undo");

    internal static readonly Reason NotRecoverable = new(
        "files.no-undo", "This change could not be undone, so it was not done.", Retry.No,
        "KeepJournal(..., journal => journal.UnguardedWithoutUndo = true), or a higher MaxCopyBytes");
}
