using System.Runtime.CompilerServices;

namespace LangGuard.Data;

/// <summary>What is known of single tables, read when a change needs it.</summary>
internal abstract partial class DatabaseEngine
{
    private readonly ConditionalWeakTable<SqlTable, TableDetails> _details = [];

    /// <summary>What statements are expected to cost.</summary>
    internal PlanEstimates Estimates { get; } = new();

    /// <summary>Keys, types and links of a table.</summary>
    /// <param name="table">A table of a snapshot of this engine. A changed schema has other tables.</param>
    internal TableDetails Describe(SqlTable table) => _details.GetValue(table, ReadDetails);

    /// <summary>Runs one change of the schema, all or nothing, and reads the schema again.</summary>
    /// <param name="operation">What was decided on and approved: a migration of the policy.</param>
    /// <param name="timeout">How long it may run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal virtual void Migrate(DatabaseOperation operation, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This database has no migrations.");

    /// <summary>Reads them from the catalog, with rights of the engine's own.</summary>
    protected virtual TableDetails ReadDetails(SqlTable table) => TableDetails.Unknown;
}
