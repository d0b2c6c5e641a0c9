using System.Data;

namespace LangGuard.Data;

/// <summary>Who runs the statement whose rows a guarded reader shows.</summary>
internal interface IResultOwner
{
    /// <summary>The database.</summary>
    GuardedDbDataSource Source { get; }

    /// <summary>Turns an exception of the driver into one that tells nothing of other rows; null for another's.</summary>
    Exception? Translate(Exception exception, DatabaseOperation operation);

    /// <summary>The reader is closed.</summary>
    void Release(CommandBehavior behavior);
}
