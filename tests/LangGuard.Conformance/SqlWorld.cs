using System.Data.Common;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.Conformance;

/// <summary>One real database, fresh, with the rows of one schema of the corpus.</summary>
internal abstract class SqlWorld : IDisposable
{
    /// <summary>Everything that a case may change: rows, objects, rights, files beside the database.</summary>
    public abstract string Fingerprint();

    /// <summary>Names the database as the source of a policy.</summary>
    public abstract void Use(DatabaseBuilder database);

    /// <summary>A connection of the engine's own provider, privileged and unguarded.</summary>
    public abstract DbConnection OpenUnguarded();

    public abstract void Dispose();
}
