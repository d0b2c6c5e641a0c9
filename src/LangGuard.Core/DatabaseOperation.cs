namespace LangGuard;

/// <summary>One SQL statement on one database.</summary>
public sealed class DatabaseOperation : Operation
{
    /// <summary>Creates a database operation.</summary>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="effects">What the statement does.</param>
    /// <param name="database">The name of the database in the policy.</param>
    /// <param name="statement">The statement text.</param>
    public DatabaseOperation(Principal principal, Effects effects, string database, string statement)
        : base(Surface.Database, effects, principal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        ArgumentNullException.ThrowIfNull(statement);
        Database = database;
        Statement = statement;
    }

    /// <summary>The name of the database in the policy.</summary>
    public string Database { get; }

    /// <summary>The statement text.</summary>
    public string Statement { get; }

    /// <inheritdoc />
    public override string Resource => Database;
}
