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
    internal GuardedDbDataSource(GuardSession session, string name, DatabaseEngine engine, DatabaseScope scope)
    {
        _session = session;
        _engine = engine;
        _scope = scope;
        Name = name;
        Budget = session.State<DatabaseBudgets>().Of(name);
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

    /// <summary>Says what a change would do, without doing it. The same is granted, counted and checked as for the change
    /// itself; what a person has to approve is asked for at the commit.</summary>
    /// <param name="statement">One INSERT, UPDATE or DELETE on a table with a primary key.</param>
    /// <param name="parameters">Values by name; null for none.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    /// <exception cref="DbAccessDeniedException">The change is denied, or its rows can not be told apart.</exception>
    /// <exception cref="GuardedDatabaseException">The database refuses the change.</exception>
    public Task<WritePreview> PreviewWriteAsync(
        string statement, IEnumerable<KeyValuePair<string, object?>>? parameters = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return WritePreviewer.PreviewAsync(
            this, statement, [.. (parameters ?? []).Select(value => KeyValuePair.Create(value.Key, PlainData.Copy(value.Value, value.Key)))],
            cancellationToken);
    }

    /// <summary>Makes a previewed change: once, in the session that previewed it, and only on the very rows that were shown, as
    /// they were shown.</summary>
    /// <param name="token">The token of the preview.</param>
    /// <param name="cancellationToken">Ends it; then nothing was changed.</param>
    /// <returns>How many rows were changed.</returns>
    /// <exception cref="DbAccessDeniedException">The token is not good, the rows have changed, or a person has to approve the
    /// change first: then the token stays good.</exception>
    public Task<int> CommitWriteAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        return WriteCommitter.CommitAsync(this, token, cancellationToken);
    }

    /// <summary>Runs a change of the schema that the policy names, after a person has approved it.</summary>
    /// <param name="name">The name of the migration.</param>
    /// <param name="cancellationToken">Ends it; then nothing was changed.</param>
    /// <exception cref="DbAccessDeniedException">The policy names no such migration, or nobody has approved it.</exception>
    /// <exception cref="GuardedDatabaseException">The database refuses it.</exception>
    public async Task MigrateAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var text = _scope.Migrations.TryGetValue(name, out var found) ? found : name;
        var operation = DatabaseOperation.Migrating(_session.Principal, Name, name, text, _engine.Place);
        using var permit = await _session.AuthorizeAsync(operation, cancellationToken).ConfigureAwait(false);
        _engine.Migrate(operation, ((DatabaseGrant)permit.Grant).Timeout, cancellationToken);
        permit.Complete(OperationOutcome.Success());
    }

    internal GuardSession Session => _session;

    internal DatabaseEngine Engine => _engine;

    internal DatabaseScope Scope => _scope;

    /// <summary>What the session tree has used of this database.</summary>
    internal DatabaseBudget Budget { get; }

    internal DatabaseEngineSession Lease()
    {
        if (!Budget.TryConnect(_scope.Grant.MaxConnections))
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Connections), Name);
        }

        try
        {
            return _engine.Open(_scope);
        }
        catch
        {
            Budget.Disconnect();
            throw;
        }
    }

    internal void Return(DatabaseEngineSession lease)
    {
        try
        {
            lease.Dispose();
        }
        finally
        {
            Budget.Disconnect();
        }
    }

    /// <inheritdoc />
    protected override DbConnection CreateDbConnection() => new GuardedDbConnection(this);
}
