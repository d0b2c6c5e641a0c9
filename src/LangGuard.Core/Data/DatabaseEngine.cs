using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>The seam to one database engine: the schema, and sessions that can do no more than a scope allows even when
/// nobody has looked at the text.</summary>
internal abstract class DatabaseEngine : IDisposable
{
    /// <summary>The language of the engine.</summary>
    internal abstract SqlDialect Dialect { get; }

    /// <summary>What the database holds now. A changed schema is a new snapshot.</summary>
    internal abstract SqlSchema Schema { get; }

    /// <summary>Reads the schema again when it has changed.</summary>
    internal abstract SqlSchema Refresh();

    /// <summary>Opens a session behind the engine's own wall.</summary>
    /// <param name="scope">What may be used; the engine asks it again while it compiles a statement.</param>
    internal abstract DatabaseEngineSession Open(DatabaseScope scope);

    /// <inheritdoc />
    public abstract void Dispose();
}
