using LangGuard.Auditing;
using LangGuard.Files;

namespace LangGuard.Sqlite.Auditing;

/// <summary>Whether the files of an audit database are still the ones that were opened: SQLite writes on into a file whose name is gone.
/// Nothing is opened here, because closing a file lets go of SQLite's locks on it.</summary>
internal sealed class SqliteAuditWatch(string path)
{
    private const string Log = "-wal";
    private readonly Dictionary<string, FileIdentity> _known = [];

    /// <summary>Remembers what is there before SQLite opens it.</summary>
    internal void Begin()
    {
        Keep(path);
        Keep(path + SqliteAuditTable.LockSuffix);
    }

    /// <summary>Remembers the log beside the database, once there is one. It stays for as long as the writer is connected.</summary>
    internal void KeepLog() => Keep(path + Log);

    /// <summary>The writer is no longer connected.</summary>
    internal void ForgetLog() => _known.Remove(path + Log);

    /// <summary>Throws when a name leads nowhere or elsewhere.</summary>
    internal void ThrowIfReplaced()
    {
        foreach (var (name, identity) in _known)
        {
            if (AuditFileWatch.Named(name)?.Identity != identity)
            {
                throw new AuditUnavailableException($"The audit database {AuditFileWatch.Gone}.");
            }
        }
    }

    private void Keep(string name)
    {
        if (AuditFileWatch.Named(name) is { } facts)
        {
            _known.TryAdd(name, facts.Identity);
        }
    }
}
