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

    /// <summary>Reads them from the catalog, with rights of the engine's own.</summary>
    protected virtual TableDetails ReadDetails(SqlTable table) => TableDetails.Unknown;
}
