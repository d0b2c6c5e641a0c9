using System.Data.Common;

namespace LangGuard.Data;

/// <summary>A copy of a database that a test may attack: the guard's own engine on it, and the owner's way in.</summary>
internal abstract class DatabaseCopy : IDisposable
{
    /// <summary>The engine on the copy.</summary>
    internal abstract DatabaseEngine Engine { get; }

    /// <summary>Opens the copy with every right and no guard.</summary>
    internal abstract DbConnection Connect();

    /// <summary>Removes the copy.</summary>
    public abstract void Dispose();
}
