namespace LangGuard.Data;

/// <summary>What a change of a table has to know beyond names: how its rows are told apart, and what the engine does by
/// itself. Names are as in the schema snapshot.</summary>
internal sealed class TableDetails
{
    internal static readonly TableDetails Unknown = new();

    /// <summary>The columns of the primary key, or empty when there is none.</summary>
    internal IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The type of each column as CAST takes it, by the order of the snapshot. Empty where values carry their own
    /// type.</summary>
    internal IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Columns that only the engine can fill.</summary>
    internal IReadOnlySet<string> Computed { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Columns of tables that the engine looks at to keep foreign keys when the table changes.</summary>
    internal IReadOnlySet<(string Table, string Column)> Links { get; init; } = new HashSet<(string, string)>();

    /// <summary>Whether a trigger or a foreign key may change more rows than a statement says.</summary>
    internal bool HasSideEffects { get; init; }

    /// <summary>Whether a value for an identity column has to be forced on the engine.</summary>
    internal bool OverridesIdentity { get; init; }
}
