namespace LangGuard.Data;

/// <summary>How many rows of one table a change touched, by whatever way: the statement itself, triggers, foreign keys.</summary>
/// <param name="Schema">The schema of the table, or empty when the engine can not tell which table it was.</param>
/// <param name="Table">The table.</param>
/// <param name="Inserted">New rows.</param>
/// <param name="Updated">Changed rows.</param>
/// <param name="Deleted">Removed rows.</param>
internal readonly record struct TableChange(string Schema, string Table, long Inserted, long Updated, long Deleted)
{
    internal long Rows => Inserted + Updated + Deleted;

    /// <summary>The rows of the table that a statement names, where the engine says only how many there were.</summary>
    internal static TableChange[] Of(SqlFacts? facts, int rows) => facts is { Changes: [var change] }
        ? [change.Kind switch
            {
                SqlStatementKind.Insert => new TableChange(change.Target.Schema ?? string.Empty, change.Target.Name, rows, 0, 0),
                SqlStatementKind.Update => new TableChange(change.Target.Schema ?? string.Empty, change.Target.Name, 0, rows, 0),
                _ => new TableChange(change.Target.Schema ?? string.Empty, change.Target.Name, 0, 0, rows),
            }]
        : [];
}
