namespace LangGuard;

/// <content>Adds the journal of file changes.</content>
public static partial class DefenseExtensions
{
    /// <summary>Keeps what every change of a file replaces or deletes, so that a session can be undone.</summary>
    /// <param name="defense">The builder.</param>
    /// <param name="directory">The absolute path of a directory of the host's own, outside every root. Created with
    /// mode 0700 when it is missing.</param>
    /// <param name="configure">Says more; null for the defaults.</param>
    public static DefenseBuilder KeepJournal(
        this DefenseBuilder defense, string directory, Action<JournalOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(defense);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var options = defense.Options.Journal;
        options.Directory = directory;
        configure?.Invoke(options);
        return defense;
    }
}
