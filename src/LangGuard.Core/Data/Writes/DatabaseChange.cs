namespace LangGuard.Data;

/// <summary>One change of rows that a session made.</summary>
/// <param name="Number">Later changes have higher numbers.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Table">The table.</param>
/// <param name="Rows">How many rows it touched.</param>
/// <param name="Time">When.</param>
/// <param name="State">Whether it can still be undone.</param>
public sealed record DatabaseChange(
    long Number, DatabaseChangeKind Kind, string Table, int Rows, DateTimeOffset Time, ChangeState State);
