using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>A database behind the guard: every statement is inspected, decided, and run in a session of the engine that
/// could do nothing else.</summary>
public sealed class GuardedDbDataSource : DbDataSource
{
    private readonly GuardSession _session;
    private readonly DatabaseEngine _engine;
    private readonly DatabaseScope _scope;
    private int _open;

    internal GuardedDbDataSource(GuardSession session, string name, DatabaseEngine engine, DatabaseScope scope)
    {
        _session = session;
        _engine = engine;
        _scope = scope;
        Name = name;
    }

    /// <summary>The name of the database in the policy.</summary>
    public string Name { get; }

    /// <summary>Tells nothing: where the database is, is the host's business.</summary>
    public override string ConnectionString => string.Empty;

    /// <summary>The tables and columns that the agent may read, for a model that is about to write a statement.</summary>
    internal IEnumerable<(SqlTable Table, IReadOnlyList<string> Columns, DatabasePermissions Allow)> Visible()
    {
        var schema = _engine.Schema;
        foreach (var table in schema.Tables)
        {
            var allow = Enum.GetValues<DatabasePermissions>()
                .Where(verb => verb != DatabasePermissions.None && _scope.Allows(table.Schema, table.Name, schema.DefaultSchema, verb))
                .Aggregate(DatabasePermissions.None, (all, verb) => all | verb);
            if (allow != DatabasePermissions.None)
            {
                yield return (
                    table,
                    [.. table.Columns.Where(column => !_scope.Denies(table.Schema, table.Name, schema.DefaultSchema, column))],
                    allow);
            }
        }
    }

    internal GuardSession Session => _session;

    internal DatabaseEngine Engine => _engine;

    internal DatabaseScope Scope => _scope;

    internal DatabaseEngineSession Lease()
    {
        if (Interlocked.Increment(ref _open) > _scope.Grant.MaxConnections)
        {
            Interlocked.Decrement(ref _open);
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Connections), Name);
        }

        try
        {
            return _engine.Open(_scope);
        }
        catch
        {
            Interlocked.Decrement(ref _open);
            throw;
        }
    }

    internal void Return(DatabaseEngineSession lease)
    {
        lease.Dispose();
        Interlocked.Decrement(ref _open);
    }

    /// <inheritdoc />
    protected override DbConnection CreateDbConnection() => new GuardedDbConnection(this);
}
