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
}
