using System.Collections.Concurrent;

namespace LangGuard.Data;

/// <summary>What a session tree has changed, by database.</summary>
internal sealed class DatabaseJournals
{
    private readonly ConcurrentDictionary<string, DatabaseJournal> _journals = new(StringComparer.Ordinal);

    internal DatabaseJournal Of(string database) => _journals.GetOrAdd(database, static _ => new DatabaseJournal());
}
