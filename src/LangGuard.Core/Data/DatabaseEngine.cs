using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>The seam to one database engine: the schema, and sessions that can do no more than a scope allows even when
/// nobody has looked at the text.</summary>
internal abstract partial class DatabaseEngine : IDisposable
{
    /// <summary>The language of the engine.</summary>
    internal abstract SqlDialect Dialect { get; }

    /// <summary>The absolute path of the file that is the database; null for one behind a server.</summary>
    internal virtual string? File => null;

    /// <summary>Where the database is, in a form that is the same in every policy; null when nobody else can reach it.</summary>
    internal virtual string? Place => File;

    /// <summary>What the database holds now. A changed schema is a new snapshot.</summary>
    internal abstract SqlSchema Schema { get; }

    /// <summary>What the engine calls its own, for a second look at the words of a statement; null where the engine itself asks about
    /// every name.</summary>
    internal virtual EngineNames? Names => null;

    /// <summary>Reads the schema again when it has changed.</summary>
    internal abstract SqlSchema Refresh();

    /// <summary>Opens a session behind the engine's own wall.</summary>
    /// <param name="scope">What may be used; the engine asks it again while it compiles a statement.</param>
    internal abstract DatabaseEngineSession Open(DatabaseScope scope);

    /// <summary>Makes a parameter. An engine with types of its own uses its driver's, which is plain data too.</summary>
    internal virtual DbParameter CreateParameter() => new GuardedDbParameter();

    /// <summary>Whether a parameter is one that <see cref="CreateParameter"/> makes.</summary>
    internal virtual bool Owns(DbParameter parameter) => parameter is GuardedDbParameter;

    /// <summary>The value of a parameter now, with its type where the caller chose one.</summary>
    internal virtual object? ValueOf(DbParameter parameter) => parameter.Value;

    /// <summary>A text that gives another driver's new connection what the inspector takes for granted, or null.</summary>
    internal virtual string? SettingsOf(DatabaseScope scope, Principal principal) => null;

    /// <summary>Turns an exception of another driver's connection into one that tells nothing of other rows.</summary>
    internal virtual Exception Translate(Exception exception, DatabaseOperation operation) => new GuardedDatabaseException();

    /// <summary>Copies the database for a test; null where that takes more than a file.</summary>
    internal virtual DatabaseCopy? Copy() => null;

    /// <inheritdoc />
    public abstract void Dispose();
}
