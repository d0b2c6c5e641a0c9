using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Permissions;
using IsolationLevel = System.Data.IsolationLevel;

namespace LangGuard.Data;

/// <summary>A connection behind the guard. The driver's own connection is never handed out.</summary>
internal sealed class GuardedDbConnection(GuardedDbDataSource source) : DbConnection, IResultOwner
{
    private DatabaseEngineSession? _engine;

    [AllowNull]
    public override string ConnectionString
    {
        get => string.Empty;
        set => throw Refused();
    }

    public override string Database => source.Name;

    public override string DataSource => source.Name;

    public override string ServerVersion => string.Empty;

    public override ConnectionState State => _engine is null ? ConnectionState.Closed : ConnectionState.Open;

    public override bool CanCreateBatch => true;

    protected override DbProviderFactory? DbProviderFactory => null;

    internal GuardedDbDataSource Source => source;

    GuardedDbDataSource IResultOwner.Source => source;

    internal DatabaseEngineSession Engine =>
        _engine ?? throw new InvalidOperationException("The connection is not open.");

    internal GuardedDbTransaction? Transaction { get; set; }

    internal GuardedDbDataReader? Reader { get; set; }

    public override void Open()
    {
        if (_engine is not null)
        {
            throw new InvalidOperationException("The connection is open already.");
        }

        if (source.Session.HasEnded)
        {
            throw new DbAccessDeniedException(Decision.Deny(Reasons.SessionEnded), source.Name);
        }

        _engine = source.Lease();
        OnStateChange(new StateChangeEventArgs(ConnectionState.Closed, ConnectionState.Open));
    }

    public override void Close()
    {
        if (_engine is null)
        {
            return;
        }

        Reader?.Dispose();
        Transaction?.Dispose();
        if (Interlocked.Exchange(ref _engine, null) is not { } lease)
        {
            return;
        }

        // Once only, even if two threads close: a lease returned twice would serve two connections.
        source.Return(lease);
        OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
    }

    public override void ChangeDatabase(string databaseName) => throw Refused();

    public override void EnlistTransaction(System.Transactions.Transaction? transaction) => throw Refused();

    public override DataTable GetSchema() => throw Refused();

    public override DataTable GetSchema(string collectionName) => throw Refused();

    public override DataTable GetSchema(string collectionName, string?[] restrictionValues) => throw Refused();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        if (Transaction is not null)
        {
            throw new InvalidOperationException("The connection has a transaction already.");
        }

        Engine.Begin(repeatable: source.Scope.Grant.Undo.Keep);
        return Transaction = new GuardedDbTransaction(this, isolationLevel);
    }

    protected override DbCommand CreateDbCommand() => new GuardedDbCommand(source.Engine) { Connection = this };

    protected override DbBatch CreateDbBatch() => new GuardedDbBatch(source.Engine) { Connection = this };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    Exception? IResultOwner.Translate(Exception exception, DatabaseOperation operation) =>
        _engine?.Translate(exception, operation);

    void IResultOwner.Release(CommandBehavior behavior)
    {
        Reader = null;
        if ((behavior & CommandBehavior.CloseConnection) != 0)
        {
            Close();
        }
    }

    internal void RefuseOpenReader()
    {
        if (Reader is not null)
        {
            throw new InvalidOperationException("The connection has an open reader already.");
        }
    }

    internal void RefuseForeign(DbTransaction? transaction)
    {
        if (transaction is not null && !ReferenceEquals(transaction, Transaction))
        {
            throw new InvalidOperationException("The transaction is not the one of the command's connection.");
        }
    }

    internal DbAccessDeniedException Refused() => new(Decision.Deny(DatabaseReasons.Unsupported), source.Name);
}
